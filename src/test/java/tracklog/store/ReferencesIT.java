package tracklog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tracklog.TestProgram;

/** What plays refer to exists, whoever writes: the triggers do what foreign keys would do. */
class ReferencesIT {

    private static final String PLAY = "insert into play (listener_id, played_at, track_id, ms_played, source,"
            + " circumstance_id, same_as) values (%s, timestamptz '2024-01-01 12:00Z', %s, 60000, 'export', %s, %s)";

    private static TestProgram program;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @BeforeEach
    void oneTrackWithoutPlays() throws SQLException {
        program.execute("truncate play, track, track_alias, track_spelling, track_details, circumstance");
        program.execute("insert into track (track_id, track_key, kind) overriding system value"
                + " values (1, gen_random_uuid(), 'track')");
        program.execute("insert into circumstance (circumstance_id, country) overriding system value values (1, 'SE')");
    }

    @ParameterizedTest
    @CsvSource({
        "99, 1, 1, null, There is no listener 99",
        "1, 99, 1, null, There is no track 99",
        "1, 1, 99, null, There is no circumstance 99",
        "1, 1, 1, 99, There is no play 99",
    })
    void aPlayOfWhatDoesNotExistIsRefused(
            String listener, String track, String circumstance, String sameAs, String message) {
        assertThatThrownBy(() -> program.execute(PLAY.formatted(listener, track, circumstance, sameAs)))
                .hasMessageContaining(message);
    }

    @Test
    void aChangedPlayIsCheckedAsWell() throws SQLException {
        program.execute(PLAY.formatted(1, 1, 1, null));
        assertThatThrownBy(() -> program.execute("update play set track_id = 99"))
                .hasMessageContaining("There is no track 99");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from listener",
                "delete from track",
                "delete from circumstance",
                "delete from play where same_as is null",
                "truncate track, track_alias, track_spelling, track_details",
                "truncate circumstance",
            })
    void whatAPlayRefersToCannotBeDeleted(String statement) throws SQLException {
        program.execute(PLAY.formatted(1, 1, 1, null));
        program.execute(PLAY.replace("60000", "60001").formatted(1, 1, 1, "(select play_id from play)"));
        assertThatThrownBy(() -> program.execute(statement)).hasMessageContaining("cannot be deleted");
        program.execute("truncate play");
        assertThat(program.number("select count(*) from play_count")).isZero();
    }

    @Test
    void aDeletionWaitsForAWriter() throws Exception {
        CompletableFuture<Void> deletion;
        try (Connection connection = program.store().dataSource().getConnection();
                Statement writer = connection.createStatement()) {
            connection.setAutoCommit(false);
            writer.execute(PLAY.formatted(1, 1, 1, null));
            deletion = CompletableFuture.runAsync(() -> run("delete from track"));
            awaitWaiting();
            connection.commit();
        }
        assertThatThrownBy(deletion::join).hasMessageContaining("track 1 cannot be deleted");
    }

    @Test
    void aWriterWaitsForADeletion() throws Exception {
        CompletableFuture<Void> writer;
        try (Connection connection = program.store().dataSource().getConnection();
                Statement deletion = connection.createStatement()) {
            connection.setAutoCommit(false);
            deletion.execute("delete from track");
            writer = CompletableFuture.runAsync(() -> run(PLAY.formatted(1, 1, 1, null)));
            awaitWaiting();
            connection.commit();
        }
        assertThatThrownBy(writer::join).hasMessageContaining("There is no track 1");
    }

    @Test
    void aWriterThatSeesAnOldSnapshotIsRefused() throws SQLException {
        try (Connection connection = program.store().dataSource().getConnection();
                Statement writer = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThatThrownBy(() -> writer.execute(PLAY.formatted(1, 1, 1, null)))
                    .hasMessageContaining("read committed");
            connection.rollback();
        }
    }

    private static void run(String statement) {
        try {
            program.execute(statement);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static void awaitWaiting() {
        await().until(() -> program.number("select count(*) from pg_locks where not granted") == 1);
    }
}
