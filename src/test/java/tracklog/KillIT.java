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
        ChildProgram program = null;
        for (int kill = 0; kill < KILLS; kill++) {
            boolean first = kill % KILLS_OF_A_FOLDER == 0;
            if (first) {
                dataDir = ChildProgram.newDataDir();
                committed.set(0);
                program = ChildProgram.launch(dataDir, Map.of());
            }
            int victim = random.nextInt(3);
            // From the second kill on it is up already, and what is hit is its work.
            long moment = random.nextLong(first ? untilReady : 1_500);
            String what = "kill %d (seed %d): %s after %d ms in %s"
                    .formatted(kill, SEED, new String[] {"the JVM", "the server", "all"}[victim], moment, dataDir);
            program = killAndRecover(program, dataDir, victim, moment, committed, what);
            early += first ? 1 : 0;
            if (kill % KILLS_OF_A_FOLDER == KILLS_OF_A_FOLDER - 1 || kill == KILLS - 1) {
                assertThat(program.stop()).as(what).isLessThan(Duration.ofSeconds(20));
            }
        }
        System.out.printf("%d kills, %d of them during the first start of a folder; seed %d%n", KILLS, early, SEED);
    }

    /** Returns the program that runs afterwards: the next one or, after its server was killed, the same. */
    private static ChildProgram killAndRecover(
            ChildProgram program, Path dataDir, int victim, long moment, AtomicLong committed, String what)
            throws Exception {
        AtomicBoolean go = new AtomicBoolean(true);
        Thread writer = new Thread(() -> write(program, committed, go));
        writer.start();
        try {
            Thread.sleep(moment);
            boolean ready = program.output().contains("Tracklog is ready");
            switch (victim) {
                case 0 -> program.killJvm();
                case 1 -> program.killServer();
                default -> program.killAll();
            }
            if (victim == 1 && ready) {
                assertRecovered(program, committed, what);
                return program;
            }
        } finally {
            go.set(false);
            writer.join();
        }
        if (victim == 1) {
            program.killAll();
        }
        ChildProgram next = ChildProgram.start(dataDir, Map.of("DATABASE_PORT", program.setting("DATABASE_PORT")));
        assertRecovered(next, committed, what);
        return next;
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
