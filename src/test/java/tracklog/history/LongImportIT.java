package tracklog.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;

/** A history of 400,000 lines through the real route, in a JVM with a heap of 128 MB. */
class LongImportIT {

    private static final int LINES = 400_000;

    @Test
    void fourHundredThousandLinesFitIntoASmallHeap() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        Path made = dataDir.resolve("made.json");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(made), 1 << 16)) {
            Lines.write(0, LINES, out);
        }
        long size = Files.size(made);
        try (ChildProgram program = ChildProgram.launch(dataDir, Map.of(), List.of("-Xmx128m"), "run")
                .awaitReady()) {
            Files.move(made, program.inbox().resolve("long.json"));
            program.awaitOutput("100 % done; merging");
            assertThat(program.number("select lines_read from import where state = 'running'"))
                    .isBetween(1L, (long) LINES);
            await().atMost(Duration.ofMinutes(10))
                    .until(() -> program.output().contains("long.json is done and now at .done/"));
            assertThat(program.output())
                    .containsPattern("Reading long\\.json: \\d+ lines, \\d+ lines/s, \\d+ % done")
                    .contains(
                            "Imported long.json (extended_history): 400000 lines read = 400000 new plays + 0 known + 0");
            assertThat(program.number("select sum(ms_played) from play"))
                    .isEqualTo(IntStream.range(0, LINES)
                            .mapToLong(Lines::milliseconds)
                            .sum());
            long milliseconds = program.number(
                    "select extract(epoch from finished_at - started_at) * 1000 from import where document = 'long.json'");
            System.out.printf(
                    "%,d lines (%d MB) with a heap of 128 MB: %,d lines/s, %.1f s%n",
                    LINES, size / 1_000_000, LINES * 1_000L / milliseconds, milliseconds / 1e3);
        } finally {
            try (var files = Files.walk(dataDir.resolve("inbox"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
