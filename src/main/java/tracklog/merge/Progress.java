package tracklog.merge;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.document.DocumentImport;
import tracklog.document.DocumentReader;
import tracklog.store.SqlFiles;

/**
 * Reports the progress of a long import: in the log every few seconds, and about once a second in the rows of {@code
 * import}, outside the transaction so that others can see it.
 */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long EVERY = Duration.ofSeconds(1).toNanos();
    private static final int LOG_EVERY = 5;

    private final List<DocumentImport> documents;
    private final DataSource dataSource;
    private final long bytes;
    private final long start = System.nanoTime();
    private final AtomicLong last = new AtomicLong(start);
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong linesRead = new AtomicLong();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger count = new AtomicInteger();

    Progress(List<DocumentImport> documents, DataSource dataSource) {
        this.documents = documents;
        this.dataSource = dataSource;
        bytes = documents.stream()
                .mapToLong(document -> document.document().size())
                .sum();
    }

    /** Wraps the bytes of a document, and reports while they are read. */
    InputStream watching(InputStream source, DocumentImport document, DocumentReader reader) {
        begun.incrementAndGet();
        return new FilterInputStream(source) {

            private long counted;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                bytesRead.addAndGet(Math.max(read, 0));
                linesRead.addAndGet(reader.lines() - counted);
                counted = reader.lines();
                long before = last.get();
                if (System.nanoTime() - before > EVERY && last.compareAndSet(before, System.nanoTime())) {
                    write(
                            document,
                            reader.lines(),
                            percent(reader.bytes(), document.document().size()));
                    if (count.incrementAndGet() % LOG_EVERY == 0) {
                        log();
                    }
                }
                return read;
            }
        };
    }

    /** Reports that a document is read. */
    void read(DocumentImport document, DocumentReader reader) {
        if (System.nanoTime() - start > EVERY) {
            write(document, reader.lines(), 100);
        }
    }

    /** Reports that all documents are read. The merge in the database may take as long again. */
    void end() {
        if (System.nanoTime() - start > EVERY) {
            LOG.info("Read {} lines of {}; merging", linesRead, documents.size() == 1 ? name() : begun + " documents");
        }
    }

    private String name() {
        return documents.get(0).document().name();
    }

    private void log() {
        long elapsed = System.nanoTime() - start;
        Integer percent = percent(bytesRead.get(), bytes);
        LOG.info(
                "Reading {}:{} {} lines/s{}",
                documents.size() == 1 ? name() : "document " + begun + " of " + documents.size(),
                percent == null ? "" : " " + percent + " %,",
                linesRead.get() * EVERY / elapsed,
                percent == null || percent == 0
                        ? ""
                        : ", about " + elapsed / EVERY * (100 - percent) / percent + " s left");
    }

    /** Returns the share of the bytes that is read; null if the size is not known, as of a packed document. */
    private static Integer percent(long read, long size) {
        return size <= 0 ? null : (int) Math.min(100, read * 100 / size);
    }

    private void write(DocumentImport document, long lines, Integer percent) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(SqlFiles.read("note-progress"))) {
            update.setLong(1, lines);
            update.setObject(2, percent);
            update.setLong(3, document.importId());
            update.executeUpdate();
        } catch (SQLException e) {
            LOG.debug(
                    "The progress of {} could not be written",
                    document.document().name(),
                    e);
        }
    }
}
