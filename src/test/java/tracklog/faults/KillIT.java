package tracklog.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;

/** Runs {@code kill -9} at seeded moments. The next start must recover, and no play may be lost or doubled. */
class KillIT {

    private static final int KILLS = Integer.getInteger("campaign", 10);
    private static final long SEED = Long.getLong("seed", 20261122);

    /** Kills per data folder. With new folders the first initdb and the first migration are killed as well. */
    private static final int KILLS_OF_A_FOLDER = 10;

    private static final int LINES = 3_000;

    /** The work during which the kill happens. */
    private enum Work {
        FIRST_START,
        POLL,
        IMPORT,
        RECONCILIATION,
        /** Between the commit of an import and the move of its file. */
        MOVE
    }

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Work, Integer> hits = new EnumMap<>(Work.class);

    @Test
    void everyPlayIsStoredAndServedOnce() throws Exception {
        for (int kills = 0; kills < KILLS; kills += KILLS_OF_A_FOLDER) {
            killInAFolder(Math.min(KILLS_OF_A_FOLDER, KILLS - kills));
        }
        System.out.printf("%d kills (seed %d), of which hit: %s%n", KILLS, SEED, hits);
        // The other two last for milliseconds, so a small number of kills can miss them.
        assertThat(hits).containsKeys(Work.FIRST_START, Work.POLL, Work.IMPORT);
        if (KILLS >= 100) {
            assertThat(hits).containsKeys(Work.RECONCILIATION, Work.MOVE);
        }
    }

    private void killInAFolder(int kills) throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        try (Music music = new Music()) {
            music.goOn(1);
            Map<String, String> settings = music.settings(Map.of());
            ChildProgram program = ChildProgram.launch(dataDir, settings);
            try {
                Thread.sleep(random.nextLong(8_000));
                kill(program, Work.FIRST_START);
                for (int kill = 1; kill < kills; kill++) {
                    if (!program.isAlive()) {
                        program.close();
                        program = ChildProgram.start(dataDir, settings);
                    }
                    strike(program, music, Work.values()[1 + kill % 4], kill);
                    assertThat(program.output()).doesNotContain("\tat ");
                }
                if (!program.isAlive()) {
                    program.close();
                    program = ChildProgram.start(dataDir, settings);
                }
                music.awaitIn(program.dataSource(), program.inbox());
                music.assertStoredAndServedOnce(program.dataSource(), program.http(""));
                assertThat(program.stop()).isLessThan(Duration.ofSeconds(20));
                try (ChildProgram last = ChildProgram.start(dataDir, settings)) {
                    // An interrupted poll or import must not stay marked as running.
                    await().atMost(Duration.ofMinutes(1))
                            .until(() -> last.number(
                                            "select count(*) from import where state not in ('done', 'interrupted')")
                                    == 0);
                }
            } finally {
                program.close();
            }
        }
    }

    private void strike(ChildProgram program, Music music, Work work, int round) throws Exception {
        int asked = music.polls();
        music.goOn(3);
        String name = "round-" + round + ".json";
        Path file = music.drop(program.inbox(), name, round * LINES, (round + 1) * LINES);
        switch (work) {
            case POLL -> {
                await().atMost(Duration.ofMinutes(2)).until(() -> music.polls() > asked);
                Thread.sleep(random.nextLong(600));
                kill(program, work);
            }
            case IMPORT -> {
                awaitRow(program, "select from import where state = 'running' and document = '" + name + "'");
                Thread.sleep(random.nextLong(500));
                kill(program, Files.exists(file) ? work : null);
            }
            case RECONCILIATION -> {
                boolean seen = awaitRow(
                        program,
                        "select from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
                                + " and query ~ 'affected_play|same_as = pair'"
                                + " and exists (select from import where state = 'running' and document = '" + name
                                + "') union all select from import where state = 'done' and document = '" + name + "'");
                kill(program, seen && Files.exists(file) ? work : null);
            }
            default -> {
                awaitRow(program, "select from import where state = 'done' and document = '" + name + "'");
                program.jvm().destroyForcibly();
                program.killJvm();
                hits.merge(Files.exists(file) ? work : Work.IMPORT, 1, Integer::sum);
            }
        }
    }

    /** Kills the JVM, its database server, or all processes. */
    private void kill(ChildProgram program, Work hit) throws Exception {
        switch (random.nextInt(3)) {
            case 0 -> program.killJvm();
            case 1 -> program.killServer();
            default -> program.killAll();
        }
        if (hit == Work.FIRST_START && program.isAlive() && !program.output().contains("Tracklog is ready")) {
            // Without its server the JVM may exit. The test does not wait for a recovery then.
            program.killAll();
        }
        if (hit != null) {
            hits.merge(hit, 1, Integer::sum);
        }
    }

    /** Waits until there is one, and checks as often as possible. */
    private static boolean awaitRow(ChildProgram program, String query) throws Exception {
        Instant deadline = Instant.now().plusSeconds(120);
        while (Instant.now().isBefore(deadline)) {
            try (Connection connection = program.connect();
                    Statement statement = connection.createStatement()) {
                while (Instant.now().isBefore(deadline)) {
                    try (ResultSet result = statement.executeQuery(query)) {
                        if (result.next()) {
                            return true;
                        }
                    }
                    Thread.sleep(1);
                }
            } catch (SQLException e) {
                // The server of an earlier round may still be starting.
                Thread.sleep(100);
            }
        }
        throw new AssertionError("Never came: " + query + "\n" + program.output());
    }
}
