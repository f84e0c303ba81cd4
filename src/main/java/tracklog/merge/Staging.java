package tracklog.merge;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.datasource.DataSourceUtils;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.DocumentReader;
import tracklog.document.Format;
import tracklog.document.NoHistoryException;

/**
 * Streams a document into the temporary table {@code staged_line} of the route's transaction.
 *
 * <p>The table belongs to the connection and is emptied at the end of the transaction, so a kill leaves nothing behind.
 */
public record Staging(DataSource dataSource) {

    /** What a document held: values for its row of {@code import}, and its listener as JSON. */
    public record ReadDocument(long lines, String format, String source, String listener) {}

    /**
     * Copies all lines of the document, in constant memory.
     *
     * @throws BrokenDocumentException if the document cannot be read to its end
     * @throws NoHistoryException if it is something else than listening history
     */
    public ReadDocument copy(@Body Document document, @Variable("import_id") long importId)
            throws IOException, SQLException, NoHistoryException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (InputStream bytes = document.source().open()) {
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(CopyLine.COPY);
            CopyStream lines = new CopyStream(copy, importId, new Dictionary());
            DocumentReader reader = new DocumentReader(document.promisesJson(), lines);
            Progress progress = new Progress(document, importId, reader, dataSource);
            try {
                reader.read(progress.watching(bytes));
                lines.flush();
                copy.endCopy();
                progress.read();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
            return new ReadDocument(
                    reader.lines(),
                    reader.format().map(Format::label).orElse("empty"),
                    Objects.toString(reader.source(), ""),
                    reader.listener());
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
