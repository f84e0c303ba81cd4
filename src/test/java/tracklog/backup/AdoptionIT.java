package tracklog.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tracklog.ChildProgram;
import tracklog.TestProgram;
import tracklog.store.ExternalServer;

/** Adopts the table of the first pipeline while the program runs. The result is one history with the stored plays. */
class AdoptionIT {

    private static ExternalServer old;
    private static TestProgram program;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() throws Exception {
        old = new ExternalServer();
        old.start();
        program = TestProgram.start(Map.of());
        Path password = Files.writeString(program.dataDir().resolve("old.password"), ExternalServer.PASSWORD);
        settings = Map.of("ADOPT_URL", old.url("postgres"), "ADOPT_PASSWORD_FILE", password.toString());
        await().ignoreExceptions()
                .untilAsserted(() -> old.dataSource("postgres").getConnection().close());
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
        old.close();
    }

    @Test
    void rowsAreTakenInOnceAndTheirDoublesBecomeOne() throws Exception {
        assertThat(refused(settings))
                .contains(
                        "There is no table public.listening_history in " + old.url("postgres") + ". Name the database");
        execute("""
                create table public.listening_history (
                    id serial primary key, track_uri text, track_name text, artist_name text, album_name text,
                    played_at timestamp, ms_played integer, popularity integer);
                insert into public.listening_history
                    (track_uri, track_name, artist_name, album_name, played_at, ms_played, popularity)
                values ('spotify:track:a', 'One "1" \\ eins', 'Band', 'Album', '2024-03-31 00:10:02.345', 180000, 61),
                       ('spotify:track:a', 'One "1" \\ eins', 'Band', 'Album', '2024-03-31 00:10:02.345', 180000, 61),
                       ('spotify:track:a', 'One "1" \\ eins', 'Band', 'Album', '2024-03-31 00:10:04', 179500, null),
                       ('spotify:track:b', 'Skipped', 'Band', 'Album', '2024-03-31 00:10:16', 12000, null),
                       ('spotify:track:c', 'Polled', 'Band', 'Album', '2024-03-31 02:30:00.5', 200000, null),
                       ('spotify:track:d', 'To the second', 'Band', 'Album', '2024-03-31 03:00:00', 150000, 0),
                       (null, null, null, null, '2024-03-31 04:00:00', 1000, null),
                       ('spotify:track:e', 'When?', 'Band', 'Album', null, 1000, 5)""");
        adopt();
        assertThat(program.rows("select document, state, lines_read, inserted, duplicates, rejected from import"
                        + " order by document"))
                .extracting(row -> List.copyOf(row.values()))
                .containsExactly(
                        List.of("public.listening_history!exported.json", "done", 3L, 2L, 0L, 1L),
                        List.of("public.listening_history!polled.json", "done", 5L, 3L, 1L, 1L));
        List<Map<String, Object>> history = history();
        assertThat(history)
                .extracting(row -> List.copyOf(row.values()))
                .containsExactly(
                        List.of("One \"1\" \\ eins", "2024-03-31 00:10:04", 179500, 61),
                        List.of("Skipped", "2024-03-31 00:10:16", 12000, -1),
                        List.of("Polled", "2024-03-31 02:30:00.5", 200000, -1),
                        List.of("To the second", "2024-03-31 03:00:00", 150000, 0));

        adopt();
        assertThat(history()).isEqualTo(history);
        assertThat(program.number("select sum(inserted) from import")).isEqualTo(5);
        assertThat(program.number("select count(*) from play")).isEqualTo(5);
    }

    @Test
    void withoutAUrlTheTableIsLookedForBesideOurs() throws Exception {
        assertThat(refused(Map.of()))
                .contains("There is no table public.listening_history in ")
                .contains("/tracklog. ");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://127.0.0.1:1/old, 'failed: Connection to 127.0.0.1:1 refused'",
        "postgres://anna:pa55@127.0.0.1/old, must look like jdbc:postgresql://host:5432/database"
    })
    void anotherUrlIsRefusedWithWhatToDo(String url, String message) throws Exception {
        assertThat(refused(Map.of("ADOPT_URL", url))).contains(message).doesNotContain("pa55");
    }

    @Test
    void aWrongPasswordIsRefusedAndNotShown() throws Exception {
        assertThat(refused(Map.of("ADOPT_URL", old.url("postgres"), "ADOPT_PASSWORD", "pa55")))
                .contains("password authentication failed")
                .doesNotContain("pa55");
    }

    private static List<Map<String, Object>> history() throws SQLException {
        return program.rows(
                "select track_name, played_at::text, ms_played, coalesce(popularity, -1::smallint)::int as popularity"
                        + " from listening_history order by played_at");
    }

    private static void adopt() throws Exception {
        // The store is not closed, because that would stop the database server of the running program.
        ChildProgram adopt = ChildProgram.launch(program.dataDir(), settings, List.of(), "adopt");
        assertThat(adopt.awaitExit()).as(adopt.output()).isZero();
        assertThat(adopt.output()).doesNotContain(ExternalServer.PASSWORD);
    }

    private static String refused(Map<String, String> settings) throws Exception {
        ChildProgram adopt = ChildProgram.launch(program.dataDir(), settings, List.of(), "adopt");
        assertThat(adopt.awaitExit()).isEqualTo(1);
        assertThat(adopt.output())
                .contains("tracklog adopt failed: ")
                .contains("ADOPT_URL")
                .doesNotContain("\tat ");
        return adopt.output();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = old.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
