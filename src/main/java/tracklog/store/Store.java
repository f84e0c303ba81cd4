package tracklog.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.Base64;
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
        Path dataDir = settings.path("DATA_DIR");
        boolean external = !settings.get("DATABASE_URL").isEmpty();
        String given = settings.secret("DATABASE_PASSWORD").orElse(null);
        EmbeddedPostgres embedded = external
                ? null
                : new EmbeddedPostgres(
                        dataDir,
                        settings.path("POSTGRES_BINARIES"),
                        settings.number("DATABASE_PORT"),
                        given == null ? Secrets.random() : given);
        try {
            HikariConfig pool = new HikariConfig();
            pool.setPoolName("tracklog");
            pool.setJdbcUrl(external ? settings.get("DATABASE_URL") : embedded.url());
            pool.setUsername(external ? settings.get("DATABASE_USER") : embedded.user());
            pool.setPassword(external ? given : embedded.password());
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
            Flyway.configure()
                    .dataSource(dataSource)
                    .schemas(SCHEMA)
                    .connectRetries(60)
                    .load()
                    .migrate();
            String key = settings.secret("TOKEN_KEY").orElse(null);
            if (key == null) {
                if (external) {
                    throw new IllegalArgumentException("With DATABASE_URL, TOKEN_KEY is required: the refresh tokens in"
                            + " the database are encrypted with it. Make one with: openssl rand -base64 32");
                }
                byte[] bits = Base64.getUrlDecoder().decode(Secrets.random());
                key = Secrets.fileOnce(
                        dataDir.resolve("token.key"), Base64.getEncoder().encodeToString(bits));
            }
            Store store = new Store(embedded, dataSource, new TokenCipher(key));
            store.firstListener(settings.get("TIME_ZONE"));
            return store;
        } catch (RuntimeException | SQLException e) {
            if (embedded != null) {
                embedded.close();
            }
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

    /** One listener exists from the start; files in the root of the inbox are its. */
    private void firstListener(String timeZone) throws SQLException {
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
