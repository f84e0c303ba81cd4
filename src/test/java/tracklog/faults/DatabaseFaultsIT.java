package tracklog.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;
import tracklog.store.ExternalServer;

/** Causes faults of the database during polls and imports. Every play must be stored and served once. */
class DatabaseFaultsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String RUNNING = "select count(*) from import where state = 'running'";

    private static ExternalServer server;
    private static DataSource database;
    private static Music music;
    private static TestProgram program;

    @BeforeAll
    static void start() throws Exception {
        server = new ExternalServer();
        server.start();
        database = server.dataSource("postgres");
        music = new Music();
        music.goOn(1);
        program = TestProgram.start(settings());
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
        server.close();
        music.close();
    }

    private static Map<String, String> settings() {
        return music.settings(server.settings());
    }

    @Test
    void stoppedInTheMiddleOfAnImportAndAPollAndAwayForLongerThanAPollInterval() throws Exception {
        int asked = music.polls();
        music.goOn(10);
        music.drop(program.inbox(), "stopped.json", 1_000, 21_000);
        await().atMost(PATIENCE).until(() -> count(RUNNING) == 1 && music.polls() > asked);
        server.stopImmediately();
        music.goOn(10);
        Thread.sleep(3_500);
        server.start();
        everythingIsStoredAndServedOnce();
        // The next sweep, which runs once a minute, marks it.
        await().atMost(PATIENCE)
                .until(() ->
                        count("select count(*) from import where document = 'stopped.json' and state = 'interrupted'")
                                == 1);
    }

    @Test
    void itsConnectionsAreCutAgainAndAgain() throws Exception {
        music.drop(program.inbox(), "cut.json", 21_000, 27_000);
        for (int i = 0; i < 8; i++) {
            music.goOn(1);
            Thread.sleep(250);
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name like 'tracklog %' and pid <> pg_backend_pid()");
            }
        }
        everythingIsStoredAndServedOnce();
    }

    /** When the listener's lock is released, one waits for it, and the other for it or for the first one's tracks. */
    @Test
    void aPollAndAnImportMeetTheSamePlaysAtTheSameMoment() throws Exception {
        for (int round = 0; round < 5; round++) {
            music.goOn(2);
            String name = "met-" + round + ".json";
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("select hold_listener(1)");
                music.drop(program.inbox(), name, 36_000, 36_100);
                await().atMost(PATIENCE)
                        .until(() ->
                                count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") >= 2);
                connection.commit();
            }
            await().atMost(PATIENCE)
                    .until(() -> count("select count(*) from import where state = 'done' and document = '" + name + "'")
                            == 1);
        }
        everythingIsStoredAndServedOnce();
    }

    @Test
    void twoProgramsShareIt() throws Exception {
        try (TestProgram other = TestProgram.start(settings())) {
            for (int i = 0; i < 3; i++) {
                music.goOn(3);
                music.drop(program.inbox(), "one-" + i + ".json", 40_000 + 300 * i, 40_600 + 300 * i);
                music.drop(other.inbox(), "other-" + i + ".json", 40_300 + 300 * i, 40_900 + 300 * i);
                Thread.sleep(500);
            }
            music.awaitIn(database, program.inbox(), other.inbox());
            everythingIsStoredAndServedOnce();
            music.assertStoredAndServedOnce(database, other.http(""));
            assertThat(count("select count(distinct program) from poll where outcome = 'done'"))
                    .as("programs that poll")
                    .isGreaterThanOrEqualTo(2);
        }
    }

    private static void everythingIsStoredAndServedOnce() throws Exception {
        music.awaitIn(database, program.inbox());
        music.assertStoredAndServedOnce(database, program.http(""));
    }

    private static long count(String sql) throws SQLException {
        return Long.parseLong(Music.rows(database, sql).get(0));
    }
}
