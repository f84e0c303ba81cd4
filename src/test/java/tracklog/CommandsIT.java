package tracklog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands beside the running program, each in a process of its own. */
class CommandsIT {

    private static TestProgram program;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
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
        Ended audit = run("-Xmx64m", "audit");
        assertThat(audit.exitCode).isZero();
        assertThat(audit.output).contains("extended.json").contains("All counts match.");
        program.execute("update import set inserted = inserted - 1, duplicates = duplicates + 1");
        try {
            audit = run("-Xmx64m", "audit");
            assertThat(audit.exitCode).isEqualTo(1);
            assertThat(audit.output).contains("the books say 5 plays were inserted, but 6 are stored");
        } finally {
            program.execute("update import set inserted = inserted + 1, duplicates = duplicates - 1");
        }
    }

    @Test
    void reconcileSaysHowManyPairsChanged() throws Exception {
        program.execute("insert into play (listener_id, played_at, track_id, source)"
                + " select listener_id, played_at + interval '1 s', track_id, 'recently_played' from play"
                + " where source = 'export' and ms_played > 30000");
        try {
            long pairs = program.number("select count(*) from play where source = 'recently_played'");
            assertThat(pairs).isPositive();
            assertThat(run("-Xmx64m", "reconcile").output).contains("of me: " + pairs + " pairs changed");
            Ended again = run("-Xmx64m", "reconcile");
            assertThat(again.exitCode).isZero();
            assertThat(again.output).contains("of me: 0 pairs changed");
            assertThat(program.number("select count(*) from play where same_as is not null"))
                    .isEqualTo(pairs);
        } finally {
            program.execute("delete from play where source = 'recently_played'");
        }
    }

    @Test
    void exportSaysWhatItNeeds() throws Exception {
        Ended export = run("-Xmx64m", "export");
        assertThat(export.exitCode).isEqualTo(2);
        assertThat(export.output).contains("export FILE.zip");
    }

    private record Ended(int exitCode, String output) {}

    /** Not closed: that would kill the database server, which is the running program's. */
    private static Ended run(String heap, String... command) throws Exception {
        ChildProgram child = ChildProgram.launch(program.dataDir(), Map.of(), List.of(heap), command);
        return new Ended(child.awaitExit(), child.output());
    }
}
