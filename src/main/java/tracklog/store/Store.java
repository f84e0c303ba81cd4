package tracklog.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.Settings;

/** The database with its schema in place: an embedded PostgreSQL, or the one that {@code DATABASE_URL} names. */
public final class Store implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String SCHEMA = "tracklog";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HikariDataSource dataSource = new HikariDataSource();
    private final Settings settings;
    private DataFolder folder;
    private EmbeddedPostgres embedded;
    private TokenCipher cipher;

    private Store(Settings settings) {
        this.settings = settings;
    }

    /**
     * Holds {@code DATA_DIR}; it is still to be {@link #start started}.
     *
     * @throws IOException if the data folder is in use
     * @throws IllegalArgumentException if a setting is missing or wrong; the message says which
     */
    public static Store hold(Settings settings) throws IOException {
        Store store = new Store(settings);
        try {
            store.folder = DataFolder.hold(settings.path("DATA_DIR"));
            store.opened.push(store.folder);
            store.cipher = store.cipher(store.folder.resolve("token.key"));
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Holds {@code DATA_DIR} and starts.
     *
     * @throws IOException if the data folder is in use or the embedded server does not come up
     * @throws SQLException if the external database refuses us
     * @throws IllegalArgumentException if a setting is missing or wrong; the message says which
     */
    public static Store open(Settings settings) throws IOException, InterruptedException, SQLException {
        Store store = hold(settings);
        try {
            store.start();
            return store;
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            store.close();
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
        Store store = new Store(settings);
        Optional<EmbeddedPostgres.Running> running =
                store.external() ? Optional.empty() : EmbeddedPostgres.runningOn(settings.path("DATA_DIR"));
        if (!store.external() && running.isEmpty()) {
            return open(settings);
        }
        try {
            if (running.isPresent()) {
                store.migrate(
                        running.get().url(),
                        EmbeddedPostgres.OWNER,
                        running.get().password(),
                        SCHEMA,
                        settings.timeZone());
            } else {
                store.reach();
            }
            return store;
        } catch (InterruptedException | SQLException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Starts or reaches the database and migrates it. An external one that does not answer yet is waited for.
     *
     * @throws IOException if the embedded server does not come up
     * @throws SQLException if the external database refuses us
     * @throws IllegalArgumentException if a setting is wrong; the message says which
     */
    public void start() throws IOException, InterruptedException, SQLException {
        if (external()) {
            reach();
            return;
        }
        embedded = new EmbeddedPostgres(
                folder,
                settings.path("POSTGRES_BINARIES"),
                settings.number("DATABASE_PORT"),
                settings.secret("DATABASE_PASSWORD"));
        opened.push(embedded);
        migrate(embedded.url(), EmbeddedPostgres.OWNER, embedded.password(), SCHEMA, settings.timeZone());
    }

    /** An empty one beside this one, for a trial; it is gone when it is closed. */
    public Store scratch() throws SQLException {
        Store scratch = new Store(settings);
        try {
            ScratchSchema schema = new ScratchSchema(dataSource);
            scratch.opened.push(schema);
            scratch.migrate(
                    dataSource.getJdbcUrl(),
                    dataSource.getUsername(),
                    dataSource.getPassword(),
                    schema.name(),
                    ZoneId.of("UTC"));
            return scratch;
        } catch (SQLException | RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    private boolean external() {
        return !settings.get("DATABASE_URL").isEmpty();
    }

    private void reach() throws InterruptedException, SQLException {
        String url = settings.postgresUrl("DATABASE");
        String user = settings.get("DATABASE_USER");
        String password = settings.secret("DATABASE_PASSWORD").orElse(null);
        ExternalPostgres.await(url, user, password);
        migrate(url, user, password, SCHEMA, settings.timeZone());
    }

    private void migrate(String url, String user, String password, String schema, ZoneId timeZone) throws SQLException {
        dataSource.setPoolName(schema);
        dataSource.setJdbcUrl(url);
        dataSource.setUsername(user);
        dataSource.setPassword(password);
        dataSource.setSchema(schema);
        dataSource.setMaximumPoolSize(10);
        dataSource.setMinimumIdle(1);
        dataSource.setConnectionTimeout(10_000);
        dataSource.setInitializationFailTimeout(-1);
        // Of this program alone: as long as a session has this name, its polls are alive.
        dataSource.addDataSourceProperty("ApplicationName", "tracklog " + UUID.randomUUID());
        dataSource.addDataSourceProperty("reWriteBatchedInserts", "true");
        dataSource.addDataSourceProperty("tcpKeepAlive", "true");
        dataSource.addDataSourceProperty("logServerErrorDetail", "false");
        Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .connectRetries(5)
                .load()
                .migrate();
        firstListener(timeZone);
    }

    private TokenCipher cipher(Path file) throws IOException {
        Optional<String> given = settings.secret("TOKEN_KEY");
        if (given.isEmpty() && external()) {
            throw new IllegalArgumentException("With DATABASE_URL, TOKEN_KEY is required: the refresh tokens in"
                    + " the database are encrypted with it. Make one with: openssl rand -base64 32");
        }
        Optional<String> key = given.isPresent() ? given : Secrets.read(file);
        if (key.isPresent()) {
            return new TokenCipher(key.get());
        }
        String made = Base64.getEncoder().encodeToString(RandomBits.bytes(32));
        Secrets.write(file, made);
        return new TokenCipher(made);
    }

    /** SpotifyResponses once this is {@link #start started}. */
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

    /** The line that opens the embedded database with a client, as the role that can read only. */
    public Optional<String> client() {
        return Optional.ofNullable(embedded).map(EmbeddedPostgres::client);
    }

    /** What to look at when the database does not answer. */
    public String remedy() {
        return external()
                ? "Is the server that DATABASE_URL names running, and does the network lead there?"
                : "The embedded PostgreSQL is started again by itself; its log is in the folder postgres, log of DATA_DIR.";
    }

    /** One listener exists from the start; files in the root of the inbox are its. */
    private void firstListener(ZoneId timeZone) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(SqlFiles.read("add-first-listener"))) {
            insert.setString(1, timeZone.getId());
            insert.executeUpdate();
        }
    }

    @Override
    public void close() {
        // First of all, since its connections lead to what is closed then.
        opened.push(dataSource);
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.error("The database did not stop cleanly; the next start recovers it", e);
            }
        }
    }
}
