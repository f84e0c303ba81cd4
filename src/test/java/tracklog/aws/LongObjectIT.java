package tracklog.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.document.Lines;

/** A long object is spooled and streamed. It needs no more heap than a short one. A kill loses and doubles nothing. */
class LongObjectIT {

    /** About 100 MB; 1 GB in the campaign. */
    private static final int LINES = Integer.getInteger("campaign", 10) * 14_500;

    private static final List<String> SMALL_HEAP = List.of("-Xmx128m");

    @Test
    void aLongObjectFitsIntoASmallHeapAndSurvivesAKill() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        Path document = dataDir.resolveSibling(dataDir.getFileName() + ".json");
        try (S3Server s3 = new S3Server()) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(document))) {
                Lines.write(0, LINES, out);
            }
            long bytes = Files.size(document);
            s3.put("history/long.json", document);
            Map<String, String> settings = s3.settings(Map.of("S3_ENDPOINT", s3.url()));
            try (ChildProgram killed = ChildProgram.launch(dataDir, settings, SMALL_HEAP, "run")) {
                killed.awaitReady();
                await().atMost(Duration.ofMinutes(5))
                        .until(() -> killed.number("select coalesce(max(lines_read), 0) from import") > 0);
                killed.killAll();
            }
            long start = System.nanoTime();
            try (ChildProgram program = ChildProgram.launch(dataDir, settings, SMALL_HEAP, "run")) {
                program.awaitReady();
                await().atMost(Duration.ofMinutes(20))
                        .until(() -> s3.keys("history/").isEmpty());
                assertThat(S3Server.names(s3.keys("done/"))).containsExactly("done/TIME-long.json");
                assertThat(s3.keys("failed/")).isEmpty();
                assertThat(program.number("select count(*) from play")).isEqualTo(LINES);
                assertThat(program.number("select sum(inserted) from import where state = 'done'"))
                        .isEqualTo(LINES);
                assertThat(dataDir.resolve("spool")).isEmptyDirectory();
            }
            System.out.printf(
                    "%,d lines (%d MB) from the bucket with a heap of 128 MB, after a kill: %.1f s%n",
                    LINES, bytes / 1_000_000, (System.nanoTime() - start) / 1e9);
        } finally {
            Files.deleteIfExists(document);
        }
    }
}
