package tracklog.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.Settings;

/** The database with its schema in place: an embedded PostgreSQL, or the one that {@code DATABASE_URL} names. */
public final class Store implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String SCHEMA = "tracklog";

    private final EmbeddedPostgres embedded;
    private final HikariDataSource dataSource;
    private final TokenCipher cipher;

    private Store(EmbeddedPostgres embedded, HikariDataSource dataSource, TokenCipher cipher) {
        this.embedded = embedded;
        this.dataSource = dataSource;
        this.cipher = cipher;
    }

    /**
     * Starts or reaches the database and migrates it.
     *
     * @throws IOException if the embedded server does not come up
     * @throws SQLException if the external database cannot be reached or used
     * @throws IllegalArgumentException if a setting is missing or wrong; the message says which
     */
    public static Store open(Settings settings) throws IOException, InterruptedException, SQLException {
        if (external(settings)) {
            return reach(settings, cipher(settings));
        }
        String given = settings.secret("DATABASE_PASSWORD").orElse(null);
        EmbeddedPostgres embedded = new EmbeddedPostgres(
                settings.path("DATA_DIR"),
                settings.path("POSTGRES_BINARIES"),
                settings.number("DATABASE_PORT"),
                given == null ? Secrets.random() : given);
        try {
            TokenCipher cipher = cipher(settings);
            HikariDataSource dataSource =
                    migrated(embedded.url(), EmbeddedPostgres.OWNER, embedded.password(), settings);
            return new Store(embedded, dataSource, cipher);
        } catch (RuntimeException | IOException | SQLException e) {
            embedded.close();
            throw e;
        }
    }

    /**
     * For a command beside the program: attaches to the database of the one that runs with these settings, else opens it.
     *
     * <p>What was only attached to keeps running after {@link #close}. No {@link #cipher} and so no {@code TOKEN_KEY}
     * is needed.
     *
     * @throws IOException if the embedded server does not come up, or is just starting or stopping
     * @throws SQLException if the database cannot be reached or used
     */
    public static Store attachOrOpen(Settings settings) throws IOException, InterruptedException, SQLException {
        if (external(settings)) {
            return reach(settings, null);
        }
        Optional<EmbeddedPostgres.Running> running = EmbeddedPostgres.runningOn(settings.path("DATA_DIR"));
        if (running.isEmpty()) {
            return open(settings);
        }
        return new Store(
                null,
                migrated(
                        running.get().url(),
                        EmbeddedPostgres.OWNER,
                        running.get().password(),
                        settings),
                null);
    }

    private static boolean external(Settings settings) {
        return !settings.get("DATABASE_URL").isEmpty();
    }

    private static Store reach(Settings settings, TokenCipher cipher) throws SQLException {
        String password = settings.secret("DATABASE_PASSWORD").orElse(null);
        return new Store(
                null,
                migrated(settings.get("DATABASE_URL"), settings.get("DATABASE_USER"), password, settings),
                cipher);
    }

    private static TokenCipher cipher(Settings settings) throws IOException {
        String key = settings.secret("TOKEN_KEY").orElse(null);
        if (key == null) {
            if (external(settings)) {
                throw new IllegalArgumentException("With DATABASE_URL, TOKEN_KEY is required: the refresh tokens in"
                        + " the database are encrypted with it. Make one with: openssl rand -base64 32");
            }
            byte[] bits = Base64.getUrlDecoder().decode(Secrets.random());
            key = Secrets.fileOnce(
                    settings.path("DATA_DIR").resolve("token.key"),
                    Base64.getEncoder().encodeToString(bits));
        }
        return new TokenCipher(key);
    }

    private static HikariDataSource migrated(String url, String user, String password, Settings settings)
            throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("tracklog");
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setSchema(SCHEMA);
        pool.setMaximumPoolSize(10);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(10_000);
        pool.setInitializationFailTimeout(-1);
        pool.addDataSourceProperty("ApplicationName", "tracklog");
        pool.addDataSourceProperty("reWriteBatchedInserts", "true");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        HikariDataSource dataSource = new HikariDataSource(pool);
        try {
            Flyway.configure()
                    .dataSource(dataSource)
                    .schemas(SCHEMA)
                    .connectRetries(60)
                    .load()
                    .migrate();
            firstListener(dataSource, settings.get("TIME_ZONE"));
            return dataSource;
        } catch (RuntimeException | SQLException e) {
            dataSource.close();
            throw e;
        }
    }

    public HikariDataSource dataSource() {
        return dataSource;
    }

    public TokenCipher cipher() {
        return cipher;
    }

    /** Where the database is, for a person with a client. */
    public String location() {
        return dataSource.getJdbcUrl().replaceAll("(?i)(password=)[^&]*", "$1***");
    }

    /** What to look at when the database does not answer. */
    String remedy() {
        return embedded == null
                ? "Is the server that DATABASE_URL names running, and does the network lead there?"
                : "The embedded PostgreSQL is started again by itself; its log is in the folder postgres, log of DATA_DIR.";
    }

    /** One listener exists from the start; files in the root of the inbox are its. */
    private static void firstListener(DataSource dataSource, String timeZone) throws SQLException {
        ZoneId zone = timeZone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(timeZone);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into listener (name, time_zone) select 'me', ? where not exists (select from listener)"
                                + " on conflict do nothing")) {
            insert.setString(1, zone.getId());
            insert.executeUpdate();
        }
    }

    @Override
    public void close() {
        dataSource.close();
        if (embedded != null) {
            try {
                embedded.close();
            } catch (IOException e) {
                LOG.error("The database server did not stop cleanly; the next start recovers it", e);
            }
        }
    }
}
