package tracklog.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import tracklog.document.DocumentReader;

/** Measures the reading alone: from the bytes of a document to lines for {@code COPY}, without a database. */
public final class ReadingSpeed {

    private static final int CHUNK = 64 * 1024;

    private ReadingSpeed() {}

    /** Returns the median of the rounds after as many rounds of warming up, in microseconds of one core a line. */
    public static double microsecondsALine(byte[] document, int rounds) throws Exception {
        double[] measured = new double[rounds];
        long[] sent = {0};
        for (int round = -rounds; round < rounds; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            CopyLine line = new CopyLine(1, 1, new Dictionary());
            StringBuilder chunk = new StringBuilder();
            DocumentReader reader = new DocumentReader(true, columns -> {
                line.append(columns, chunk);
                if (chunk.length() > CHUNK) {
                    sent[0] += chunk.toString().getBytes(UTF_8).length;
                    chunk.setLength(0);
                }
            });
            reader.read(new ByteArrayInputStream(document));
            long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            measured[Math.max(round, 0)] = (end - start) / 1e3 / reader.lines();
        }
        if (sent[0] == 0) {
            throw new IllegalStateException("The document is too short to be measured.");
        }
        Arrays.sort(measured);
        return measured[rounds / 2];
    }
}
