package tracklog.history;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how far a long import is: document, lines, lines per second, share done. */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long EVERY = Duration.ofSeconds(5).toNanos();

    private final Document document;
    private final InputStream bytes;
    private final long start = System.nanoTime();
    private long said = start;
    private long read;

    Progress(Document document, InputStream bytes) {
        this.document = document;
        this.bytes = bytes;
    }

    /** The bytes of the document; reading them says the progress of that reader. */
    InputStream watching(DocumentReader reader) {
        return new FilterInputStream(bytes) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                read += Math.max(count, 0);
                if (System.nanoTime() - said > EVERY) {
                    said = System.nanoTime();
                    LOG.info(
                            "Reading {}: {} lines, {} lines/s{}",
                            document.name(),
                            reader.lines(),
                            reader.lines() * 1_000_000_000L / (said - start),
                            document.size() > 0 ? ", " + Math.min(100, read * 100 / document.size()) + " % done" : "");
                }
                return count;
            }
        };
    }
}
