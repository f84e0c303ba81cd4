package tracklog.merge;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DataSourceUtils;
import tracklog.document.DocumentImport;
import tracklog.document.NoHistoryException;

/** Opens the temporary table {@code staged_line} of the route's transaction for the lines of documents. */
public record Staging(DataSource dataSource) {

    /** Begins a COPY in the transaction of this thread. The caller ends and closes it. */
    public StagingCopy open(@Variable("documents") List<DocumentImport> documents) throws SQLException {
        return new StagingCopy(
                DataSourceUtils.getConnection(dataSource)
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(CopyLine.COPY),
                new Progress(documents, dataSource));
    }

    /** Reads a document into the open COPY, on any thread. */
    public void read(@Body DocumentImport document, @Variable("staging") StagingCopy copy)
            throws IOException, NoHistoryException {
        copy.read(document);
    }
}
