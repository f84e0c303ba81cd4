package tracklog.merge;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.document.Document;
import tracklog.document.DocumentReader;
import tracklog.store.SqlFiles;

/**
 * Reports the progress of a long import: in the log every few seconds, and about once a second in its row of {@code
 * import}, outside its transaction so that others can see it.
 */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long EVERY = Duration.ofSeconds(1).toNanos();
    private static final int LOG_EVERY = 5;

    private final Document document;
    private final long importId;
    private final DocumentReader reader;
    private final DataSource dataSource;
    private final long start = System.nanoTime();
    private long last = start;
    private int count;

    Progress(Document document, long importId, DocumentReader reader, DataSource dataSource) {
        this.document = document;
        this.importId = importId;
        this.reader = reader;
        this.dataSource = dataSource;
    }

    /** Wraps the bytes of the document, and reports while they are read. */
    InputStream watching(InputStream bytes) {
        return new FilterInputStream(bytes) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (System.nanoTime() - last > EVERY) {
                    last = System.nanoTime();
                    write();
                    if (++count % LOG_EVERY == 0) {
                        log("");
                    }
                }
                return super.read(buffer, offset, length);
            }
        };
    }

    /** Reports that the document is read. The merge in the database may take as long again. */
    void read() {
        last = System.nanoTime();
        if (last - start > EVERY) {
            write();
            log("; merging");
        }
    }

    private void log(String next) {
        LOG.info(
                "Reading {}: {} lines, {} lines/s{}{}",
                document.name(),
                reader.lines(),
                reader.lines() * 1_000_000_000L / (last - start),
                percent() == null ? "" : ", " + percent() + " % done",
                next);
    }

    /** Returns the share of its bytes that is read; null for a packed document, whose size is not known. */
    private Integer percent() {
        return document.size() <= 0 ? null : (int) Math.min(100, reader.bytes() * 100 / document.size());
    }

    private void write() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(SqlFiles.read("note-progress"))) {
            update.setLong(1, reader.lines());
            update.setObject(2, percent());
            update.setLong(3, importId);
            update.executeUpdate();
        } catch (SQLException e) {
            LOG.debug("The progress of {} could not be written", document.name(), e);
        }
    }
}
