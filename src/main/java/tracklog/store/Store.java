package tracklog.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
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

    /** What opens a store; a store that it fails to open is closed. */
    private interface Opening {
        void open(Store store) throws IOException, InterruptedException, SQLException;
    }

    private static Store opened(Settings settings, Opening opening)
            throws IOException, InterruptedException, SQLException {
        Store store = new Store(settings);
        try {
            opening.open(store);
            return store;
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Holds {@code DATA_DIR}, so that no other program uses it. The database is still to be {@link #start started}.
     *
     * @throws IOException if the data folder is in use
     * @throws IllegalArgumentException if a setting is missing or wrong; the message says which
     */
    public static Store hold(Settings settings) throws IOException, InterruptedException, SQLException {
        return opened(settings, Store::hold);
    }

    private void hold() throws IOException {
        folder = DataFolder.hold(settings.path("DATA_DIR"));
        opened.push(folder);
        cipher = TokenCipher.of(settings, folder);
    }

    /**
     * Holds {@code DATA_DIR} and starts the database.
     *
     * @throws IOException if the data folder is in use or the embedded server does not come up
     * @throws SQLException if the external database refuses the connection
     * @throws IllegalArgumentException if a setting is missing or wrong; the message says which
     */
    public static Store open(Settings settings) throws IOException, InterruptedException, SQLException {
        return opened(settings, store -> {
            store.hold();
            store.start();
        });
    }

    /**
     * Attaches to the database of the program that runs with these settings, or opens it where none runs.
     *
     * <p>A database that was only attached to keeps running after {@link #close}. Attaching needs no {@code TOKEN_KEY}
     * and gives no {@link #cipher}.
     *
     * @throws IOException if the embedded server does not come up, or is just starting or stopping
     * @throws SQLException if the database cannot be reached or used
     */
    public static Store attachOrOpen(Settings settings) throws IOException, InterruptedException, SQLException {
        if (!settings.get("DATABASE_URL").isEmpty()) {
            return opened(settings, Store::reach);
        }
        Optional<Pool> running = EmbeddedPostgres.runningOn(settings.path("DATA_DIR"));
        return running.isEmpty() ? open(settings) : opened(settings, store -> store.connect(running.get()));
    }

    /**
     * Starts or reaches the database and migrates it. An external one that does not answer yet is waited for.
     *
     * @throws IOException if the embedded server does not come up
     * @throws SQLException if the external database refuses the connection
     * @throws IllegalArgumentException if a setting is wrong; the message says which
     */
    public void start() throws IOException, InterruptedException, SQLException {
        if (isExternal()) {
            reach();
            return;
        }
        embedded = new EmbeddedPostgres(
                folder,
                settings.path("POSTGRES_BINARIES"),
                settings.number("DATABASE_PORT"),
                settings.secret("DATABASE_PASSWORD"));
        opened.push(embedded);
        connect(embedded.pool());
    }

    private void connect(Pool pool) throws IOException {
        pool.open(dataSource, SCHEMA, settings.timeZone());
    }

    private void reach() throws IOException, InterruptedException, SQLException {
        Pool external = new Pool(
                settings.postgresUrl("DATABASE"),
                settings.get("DATABASE_USER"),
                settings.secret("DATABASE_PASSWORD").orElse(null));
        ExternalPostgres.await(external);
        connect(external);
    }

    /** Returns an empty store in a schema beside this one, for a trial. Closing it deletes the schema. */
    public Store scratch() throws IOException, InterruptedException, SQLException {
        return opened(settings, scratch -> {
            ScratchSchema schema = new ScratchSchema(dataSource);
            scratch.opened.push(schema);
            new Pool(dataSource.getJdbcUrl(), dataSource.getUsername(), dataSource.getPassword())
                    .open(scratch.dataSource, schema.name(), ZoneId.of("UTC"));
        });
    }

    private boolean isExternal() {
        return !settings.get("DATABASE_URL").isEmpty();
    }

    /** Returns the pool, which answers once this is {@link #start started}. */
    public HikariDataSource dataSource() {
        return dataSource;
    }

    public TokenCipher cipher() {
        return cipher;
    }

    /** Returns where the database is, for a person with a client. */
    public String location() {
        return dataSource.getJdbcUrl().replaceAll("(?i)(password=)[^&]*", "$1***");
    }

    /** Returns the shell command that opens the embedded database as the role that can only read. */
    public Optional<String> client() {
        return Optional.ofNullable(embedded).map(EmbeddedPostgres::client);
    }

    /** Returns what a person can check when the database does not answer. */
    public String remedy() {
        return isExternal()
                ? "Is the server that DATABASE_URL names running, and does the network lead there?"
                : "The embedded PostgreSQL is restarted by itself; its log is in the folder postgres, log of DATA_DIR.";
    }

    @Override
    public void close() {
        // The pool is closed first: its connections lead to what is closed next.
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
