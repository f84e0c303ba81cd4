package tracklog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** {@code kill -9} at seeded random moments: the next start recovers by itself and every committed row is there. */
class KillIT {

    private static final int KILLS = Integer.getInteger("campaign", 10);
    private static final long SEED = Long.getLong("seed", 20261122);

    /** After so many kills a new folder, so that the first initdb and the first migration are hit as well. */
    private static final int KILLS_OF_A_FOLDER = 3;

    @Test
    void nothingCommittedIsLostAndNoHandIsNeeded() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        long untilReady = millisUntilReady();
        int early = 0;
        Path dataDir = null;
        AtomicLong committed = new AtomicLong();
        for (int kill = 0; kill < KILLS; kill++) {
            boolean first = kill % KILLS_OF_A_FOLDER == 0;
            if (first) {
                dataDir = ChildProgram.newDataDir();
                committed.set(0);
            }
            int victim = random.nextInt(3);
            long moment = random.nextLong(first ? untilReady : untilReady * 3 / 2);
            String what = "kill %d (seed %d): %s after %d ms in %s"
                    .formatted(kill, SEED, new String[] {"the JVM", "the server", "all"}[victim], moment, dataDir);
            try (ChildProgram program = ChildProgram.launch(dataDir, Map.of())) {
                AtomicBoolean go = new AtomicBoolean(true);
                Thread writer = new Thread(() -> write(program, committed, go));
                writer.start();
                Thread.sleep(moment);
                boolean ready = program.output().contains("Tracklog is ready");
                early += ready ? 0 : 1;
                switch (victim) {
                    case 0 -> program.killJvm();
                    case 1 -> program.killServer();
                    default -> program.killAll();
                }
                if (victim == 1 && ready) {
                    assertRecovered(program, committed, what + ", the program living on");
                }
                go.set(false);
                writer.join();
                if (victim == 1) {
                    program.killAll();
                }
                try (ChildProgram next =
                        ChildProgram.start(dataDir, Map.of("DATABASE_PORT", program.setting("DATABASE_PORT")))) {
                    assertRecovered(next, committed, what);
                    assertThat(next.stop()).as(what).isLessThan(Duration.ofSeconds(20));
                }
            }
        }
        assertThat(early).as("kills before the program was ready").isPositive();
        System.out.printf("%d kills, %d of them before the program was ready; seed %d%n", KILLS, early, SEED);
    }

    private static long millisUntilReady() throws Exception {
        Instant start = Instant.now();
        try (ChildProgram program = ChildProgram.start(ChildProgram.newDataDir(), Map.of())) {
            long millis = Duration.between(start, Instant.now()).toMillis();
            program.stop();
            return millis;
        }
    }

    private static void assertRecovered(ChildProgram program, AtomicLong committed, String what) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        while (true) {
            long before = committed.get();
            try (Connection connection = program.connect()) {
                createProbe(connection);
                assertThat(program.number("select count(*) from public.probe where n <= " + before))
                        .as(what)
                        .isEqualTo(before);
                assertThat(program.number("select count(*) from listener"))
                        .as(what)
                        .isOne();
                return;
            } catch (SQLException e) {
                assertThat(Instant.now())
                        .as("%s: %s%n%s", what, e, program.output())
                        .isBefore(deadline);
                Thread.sleep(100);
            }
        }
    }

    /** Commits 1, 2, 3 ..., one by one, as soon as there is a database. */
    private static void write(ChildProgram program, AtomicLong committed, AtomicBoolean go) {
        while (go.get()) {
            try (Connection connection = program.connect();
                    Statement statement = connection.createStatement()) {
                createProbe(connection);
                while (go.get()) {
                    // A commit whose answer the kill has swallowed is tried again.
                    statement.execute(
                            "insert into public.probe values (" + (committed.get() + 1) + ") on conflict do nothing");
                    committed.incrementAndGet();
                    Thread.sleep(2);
                }
            } catch (Exception e) {
                pause();
            }
        }
    }

    private static void createProbe(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists public.probe (n bigint primary key)");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
