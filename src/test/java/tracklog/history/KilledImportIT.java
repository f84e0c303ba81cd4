package tracklog.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;

/** Whatever ends in the middle of an import, and whenever: the same rows as without, and nobody has to help. */
class KilledImportIT {

    private static final int LINES = 12_000;
    private static final Map<String, String> SETTINGS = Map.of("INBOX_PATIENCE", "1000");

    private final int rounds = Integer.getInteger("campaign", 10);
    private final long seed = Long.getLong("seed", 20_261_122);
    private final Random random = new Random(seed);

    /** Between commit and move: kills that came after the import was done and before its file was away. */
    private int between;

    @Test
    void theRowsAreTheSameAsWithoutKills() throws Exception {
        System.out.println("Seed " + seed + ", " + rounds + " rounds");
        Path dataDir = ChildProgram.newDataDir();
        Path last = dataDir;
        ChildProgram program = ChildProgram.start(dataDir, SETTINGS);
        try {
            for (int round = 0; round < rounds; round++) {
                last = drop(program, dataDir, round);
                strike(program, round, last);
                assertThat(program.output()).doesNotContain("\tat ");
                if (!program.isAlive()) {
                    program.close();
                    program = ChildProgram.start(dataDir, SETTINGS);
                }
            }
            for (int round = 0; round < rounds; round++) {
                program.awaitOutput("is ready");
                awaitAway(program.inbox().resolve(name(round)));
            }
            assertThat(program.number("select count(*) from play")).isEqualTo((long) LINES * rounds);
            assertThat(program.number("select sum(ms_played) from play"))
                    .isEqualTo(IntStream.range(0, LINES * rounds)
                            .mapToLong(Lines::milliseconds)
                            .sum());
            assertThat(program.number("select sum(inserted) from import where state = 'done'"))
                    .isEqualTo((long) LINES * rounds);
            assertThat(program.number(
                            "select count(*) from import where state not in ('done', 'interrupted', 'running')"))
                    .isZero();
            assertThat(program.inbox().resolve(".failed")).doesNotExist();
            assertThat(between).as("kills between commit and move").isPositive();
            System.out.println(between + " of the kills came between commit and move");
        } finally {
            program.close();
        }
    }

    /** At the start of the program, imports that died with the one before are marked so. */
    @Test
    void whatDiedIsNotRunningForEver() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        try (ChildProgram program = ChildProgram.start(dataDir, SETTINGS)) {
            drop(program, dataDir, 0);
            awaitState(program, name(0), "running");
            program.killAll();
        }
        try (ChildProgram program = ChildProgram.start(dataDir, SETTINGS)) {
            awaitAway(program.inbox().resolve(name(0)));
            assertThat(program.number("select count(*) from import where state = 'interrupted'"))
                    .isOne();
            assertThat(program.number("select count(*) from import where state = 'running'"))
                    .isZero();
            assertThat(program.number("select count(*) from play")).isEqualTo(LINES);
        }
    }

    private void strike(ChildProgram program, int round, Path file) throws Exception {
        switch (round % 5) {
            case 0 -> {
                awaitState(program, name(round), "done");
                program.jvm().destroyForcibly();
                program.killJvm();
                between += Files.exists(file) ? 1 : 0;
            }
            case 1 -> {
                pause();
                program.killAll();
            }
            case 2 -> {
                pause();
                program.killServer();
            }
            case 3 -> {
                awaitState(program, name(round), "running");
                pause();
                terminateBackends(program);
            }
            default -> {
                pause();
                program.killJvm();
            }
        }
    }

    private void pause() throws InterruptedException {
        Thread.sleep(random.nextInt(2_000));
    }

    private static Path drop(ChildProgram program, Path dataDir, int round) throws IOException {
        Path made = dataDir.resolve("made.json");
        Files.writeString(made, Lines.array(round * LINES, (round + 1) * LINES));
        return Files.move(made, program.inbox().resolve(name(round)));
    }

    private static String name(int round) {
        return "round-" + round + ".json";
    }

    private static void awaitState(ChildProgram program, String document, String state) throws Exception {
        String query = "select from import where document = '" + document + "' and state = '" + state + "'";
        Instant deadline = Instant.now().plusSeconds(120);
        while (Instant.now().isBefore(deadline)) {
            try (Connection connection = program.connect();
                    Statement statement = connection.createStatement()) {
                while (Instant.now().isBefore(deadline)) {
                    try (ResultSet result = statement.executeQuery(query)) {
                        if (result.next()) {
                            return;
                        }
                    }
                    Thread.sleep(1);
                }
            } catch (SQLException e) {
                // The server of an earlier round may still be coming up again.
                Thread.sleep(100);
            }
        }
        throw new AssertionError(document + " is not " + state + ":\n" + program.output());
    }

    private static void terminateBackends(ChildProgram program) throws IOException, SQLException {
        try (Connection connection = program.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where application_name like 'tracklog%' and pid <> pg_backend_pid()");
        }
    }

    private static void awaitAway(Path file) throws InterruptedException {
        for (int i = 0; Files.exists(file); i++) {
            assertThat(i).as("seconds that %s is still there", file).isLessThan(180);
            Thread.sleep(1_000);
        }
    }
}
