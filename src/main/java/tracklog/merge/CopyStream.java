package tracklog.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;
import tracklog.document.DocumentImport;
import tracklog.document.DocumentReader;

/** Sends lines to {@code COPY} in chunks, so that the driver is called once for many lines. */
final class CopyStream implements DocumentReader.Sink {

    private static final int CHUNK = 64 * 1024;

    private final CopyIn copy;
    private final CopyLine line;
    private final StringBuilder chunk = new StringBuilder(CHUNK + 4096);

    CopyStream(CopyIn copy, DocumentImport document, Dictionary dictionary) {
        this.copy = copy;
        this.line = new CopyLine(document.importId(), document.listenerId(), dictionary);
    }

    @Override
    public void accept(ObjectNode columns) throws IOException {
        line.append(columns, chunk);
        if (chunk.length() >= CHUNK) {
            flush();
        }
    }

    void flush() throws IOException {
        byte[] bytes = chunk.toString().getBytes(UTF_8);
        chunk.setLength(0);
        try {
            // Other threads write the lines of other documents.
            synchronized (copy) {
                copy.writeToCopy(bytes, 0, bytes.length);
            }
        } catch (SQLException e) {
            throw new IOException("The database refuses the lines: " + e.getMessage(), e);
        }
    }
}
