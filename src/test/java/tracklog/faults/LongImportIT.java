package tracklog.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;

/** Imports a long history with a heap of 128 MB during polls, and exports it with a heap of 64 MB. */
class LongImportIT {

    private static final int LINES = Integer.getInteger("campaign", 10) < 100 ? 200_000 : 2_000_000;

    private static final int FIRST = Music.NOW + 10_000;

    @Test
    void fitsIntoASmallHeapWhilePollsGoOn() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        try (Music music = new Music()) {
            music.goOn(20);
            ChildProgram program = ChildProgram.launch(dataDir, music.settings(Map.of()), List.of("-Xmx128m"), "run");
            try (program) {
                program.awaitReady();
                music.awaitIn(program.dataSource(), program.inbox());
                Path document = music.drop(program.inbox(), "long.json", FIRST, FIRST + LINES);
                long bytes = Files.size(document);
                int before = music.polls();
                program.awaitOutput(" lines of long.json; merging");
                music.goOn(10);
                assertThat(program.number("select lines_read from import where state = 'running'"))
                        .isBetween(1L, LINES + 20L);
                await().atMost(Duration.ofMinutes(20)).until(() -> Files.notExists(document));
                music.goOn(10);
                music.awaitIn(program.dataSource(), program.inbox());
                assertThat(program.output())
                        .containsPattern("Reading long\\.json: \\d+ %, \\d+ lines/s, about \\d+ s left")
                        .contains((LINES + 20) + " lines read = " + (LINES + 20) + " new plays + 0 known + 0");
                long milliseconds = program.number(
                        "select extract(epoch from finished_at - started_at) * 1000 from import where state = 'done'");
                System.out.printf(
                        "%,d lines (%d MB) with a heap of 128 MB: %,d lines/s, %.1f s, and %d polls meanwhile%n",
                        LINES,
                        bytes / 1_000_000,
                        LINES * 1_000L / milliseconds,
                        milliseconds / 1e3,
                        music.polls() - before);
                music.assertSumsAreStoredAndServed(program.dataSource(), program.http(""));
                export(dataDir, music.told() + 20);
            } finally {
                empty(dataDir.resolve("inbox"));
            }
        }
    }

    /** The store is not closed, because that would stop the database server of the running program. */
    private static void export(Path dataDir, int plays) throws Exception {
        Path zip = dataDir.resolve("export.zip");
        long start = System.nanoTime();
        ChildProgram export = ChildProgram.launch(dataDir, Map.of(), List.of("-Xmx64m"), "export", zip.toString());
        assertThat(export.awaitExit()).as(export.output()).isZero();
        try (ZipFile read = new ZipFile(zip.toFile())) {
            assertThat(read.getComment()).startsWith(plays + " plays");
        }
        System.out.printf(
                "%,d plays exported with a heap of 64 MB in %.1f s, %d MB%n",
                plays, (System.nanoTime() - start) / 1e9, Files.size(zip) / 1_000_000);
        Files.delete(zip);
    }

    private static void empty(Path inbox) throws Exception {
        try (Stream<Path> files = Files.walk(inbox)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }
}
