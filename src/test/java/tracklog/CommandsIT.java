package tracklog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands beside the running program, each in a process of its own. */
class CommandsIT {

    private static final int PLAYS = 400_000;
    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = Program.start(Map.of());
        Files.copy(
                Path.of("src/test/resources/formats/extended-today.json"),
                program.inbox().resolve("extended.json"));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> program.number("select count(*) from import where state = 'done'") == 1);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void booksEndWithOneOnlyWhereTheyDoNotAddUp() throws Exception {
        try (ChildProgram books = run("-Xmx64m", "books")) {
            assertThat(books.awaitExit()).isZero();
            assertThat(books.output()).contains("extended.json").contains("Everything adds up.");
        }
        program.execute("update import set inserted = inserted - 1, duplicates = duplicates + 1");
        try (ChildProgram books = run("-Xmx64m", "books")) {
            assertThat(books.awaitExit()).isEqualTo(1);
            assertThat(books.output()).contains("the books say 5 plays were inserted, but 6 are stored");
        } finally {
            program.execute("update import set inserted = inserted + 1, duplicates = duplicates - 1");
        }
    }

    @Test
    void exportsAnyNumberOfPlaysInLittleMemoryAndOverwritesNothing() throws Exception {
        program.execute("insert into play (listener_id, played_at, track_id, ms_played, source, platform)"
                + " select listener_id, timestamptz '2010-01-01' + n * interval '20 minutes', track_id, 1000 + n, 'export', 'ios'"
                + " from generate_series(1, " + PLAYS
                + ") as n, (select listener_id, track_id from play limit 1) as any");
        try {
            Path file = program.dataDir().resolve("all.zip");
            long start = System.nanoTime();
            try (ChildProgram export = run("-Xmx48m", "export", file.toString())) {
                assertThat(export.awaitExit()).as(export.output()).isZero();
            }
            System.out.printf(
                    "%d plays exported in %.1f s with a heap of 48 MB: %.1f MB%n",
                    PLAYS, (System.nanoTime() - start) / 1e9, Files.size(file) / 1e6);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                assertThat(zip.getComment()).contains((PLAYS + 6) + " plays");
                assertThat(zip.stream().filter(entry -> entry.getSize() > 12_100_000))
                        .isEmpty();
            }
            byte[] before = Files.readAllBytes(file);
            try (ChildProgram again = run("-Xmx48m", "export", file.toString())) {
                assertThat(again.awaitExit()).isEqualTo(1);
                assertThat(again.output()).contains("exists already");
            }
            assertThat(file).hasBinaryContent(before);
        } finally {
            program.execute(
                    "delete from play where ms_played > 1000 and platform = 'ios' and source = 'export' and play_id > 6");
        }
    }

    @Test
    void exportSaysWhatItNeeds() throws Exception {
        try (ChildProgram export = run("-Xmx64m", "export")) {
            assertThat(export.awaitExit()).isEqualTo(2);
            assertThat(export.output()).contains("export FILE.zip");
        }
    }

    private static ChildProgram run(String heap, String... command) throws Exception {
        return ChildProgram.launch(program.dataDir(), Map.of(), List.of(heap), command);
    }
}
