package tracklog.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PostgreSQL that {@code DATABASE_URL} names. */
final class ExternalPostgres {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalPostgres.class);
    private static final int OLDEST = 15;

    private ExternalPostgres() {}

    /**
     * Waits without a limit until the database answers: it may be started later than this program.
     *
     * @throws SQLException if it answers and refuses the connection; the message names the setting
     * @throws IllegalArgumentException if the server is too old
     */
    static void await(Pool pool) throws InterruptedException, SQLException {
        Instant nextWarning = Instant.now();
        while (true) {
            try (Connection connection = DriverManager.getConnection(pool.url(), pool.user(), pool.password())) {
                int version = connection.getMetaData().getDatabaseMajorVersion();
                if (version < OLDEST) {
                    throw new IllegalArgumentException("The database is a PostgreSQL " + version
                            + ". Tracklog needs version " + OLDEST + " or newer (DATABASE_URL).");
                }
                return;
            } catch (SQLException e) {
                if (!comesUpLater(e)) {
                    String settings = " (DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD)";
                    String message = "The database refuses the connection: " + e.getMessage() + settings;
                    throw new SQLException(message, e.getSQLState(), e);
                }
                if (Instant.now().isAfter(nextWarning)) {
                    LOG.warn("Waiting for the database (DATABASE_URL): {}", e.getMessage());
                    nextWarning = Instant.now().plusSeconds(30);
                }
                Thread.sleep(1_000);
            }
        }
    }

    /** Tells failures that pass: no connection, or a server that is starting, stopping or full. */
    private static boolean comesUpLater(SQLException e) {
        return Objects.toString(e.getSQLState(), "").matches("08(?!004).*|57P.*|53.*");
    }
}
