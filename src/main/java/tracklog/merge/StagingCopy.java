package tracklog.merge;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Objects;
import org.postgresql.copy.CopyIn;
import tracklog.document.DocumentImport;
import tracklog.document.DocumentReader;
import tracklog.document.Format;
import tracklog.document.NoHistoryException;

/** A COPY into {@code staged_line} that several threads fill, each with the lines of one document at a time. */
public final class StagingCopy implements AutoCloseable {

    private final CopyIn copy;
    private final Progress progress;
    private final Dictionary dictionary = new Dictionary();

    StagingCopy(CopyIn copy, Progress progress) {
        this.copy = copy;
        this.progress = progress;
    }

    /**
     * Copies all lines of a document, in constant memory.
     *
     * @throws tracklog.document.BrokenDocumentException if the document cannot be read to its end
     * @throws NoHistoryException if it is something else than listening history
     */
    public void read(DocumentImport document) throws IOException, NoHistoryException {
        document.restart();
        CopyStream lines = new CopyStream(copy, document, dictionary);
        DocumentReader reader = new DocumentReader(document.document().promisesJson(), lines);
        try (InputStream bytes = document.document().source().open()) {
            reader.read(progress.watching(bytes, document, reader));
        } finally {
            // A broken document may hold the first use of a number, which the lines of others refer to.
            lines.flush();
        }
        document.read(new DocumentImport.Content(
                reader.lines(),
                reader.format().map(Format::label).orElse("empty"),
                Objects.toString(reader.source(), ""),
                reader.listener()));
        progress.read(document, reader);
    }

    public void end() throws SQLException {
        copy.endCopy();
        progress.end();
    }

    /** Cancels the COPY if it has not ended: the connection could not be used otherwise. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
