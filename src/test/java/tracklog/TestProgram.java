package tracklog;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import tracklog.aws.Aws;
import tracklog.routes.RouteCoverage;
import tracklog.store.Store;

/** The whole program inside the test: the real routes on a real embedded PostgreSQL in a folder of its own. */
public final class TestProgram implements AutoCloseable {

    static {
        RouteCoverage.record();
    }

    /** Each of the JVMs that run tests has ports of its own. */
    private static final int FIRST_PORT = 12_000 + Integer.getInteger("fork", 1) % 2 * 10_000;

    private static final AtomicInteger nextPort =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(10_000));

    private final Settings settings;
    private final Store store;
    private final Main main;

    private TestProgram(Settings settings, Store store, Main main) {
        this.settings = settings;
        this.store = store;
        this.main = main;
    }

    /** Starts on a new data folder and free ports. */
    public static TestProgram start(Map<String, String> settings) throws Exception {
        Files.createDirectories(Path.of("target/it"));
        return start(Files.createTempDirectory(Path.of("target/it"), "data-"), settings);
    }

    /** Starts on a given data folder, as a program does that was stopped there before. */
    public static TestProgram start(Path dataDir, Map<String, String> settings) throws Exception {
        Settings read = settings(dataDir, settings);
        Store store = Store.hold(read);
        try {
            Main main = Program.open(read, store);
            main.start();
            return new TestProgram(read, store, main);
        } catch (Exception e) {
            store.close();
            throw e;
        }
    }

    /** Starts on a store that is already open; it is closed with the program. */
    public static TestProgram on(Store store, Settings settings) throws Exception {
        Main main = Program.main(settings, store);
        main.start();
        return new TestProgram(settings, store, main);
    }

    /** Those of a program on that folder and on free ports. */
    public static Settings settings(Path dataDir, Map<String, String> settings) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATA_DIR",
                dataDir.toString(),
                "POSTGRES_BINARIES",
                "target/postgres-binaries",
                "DATABASE_PORT",
                Integer.toString(freePort()),
                "HTTP_PORT",
                Integer.toString(freePort()),
                "MANAGEMENT_PORT",
                Integer.toString(freePort()),
                "INBOX_DELAY",
                "200",
                "INBOX_PATIENCE",
                "1000",
                "TIME_ZONE",
                "Europe/Stockholm"));
        environment.putAll(settings);
        return new Settings(environment, Aws::secret);
    }

    /** Returns a port below the ephemeral range. An ephemeral port could go to a client before the server binds it. */
    public static int freePort() {
        int port;
        do {
            port = FIRST_PORT + nextPort.getAndIncrement() % 10_000;
        } while (!isFree(port));
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public Store store() {
        return store;
    }

    public Path dataDir() {
        return settings.path("DATA_DIR");
    }

    public Path inbox() {
        return settings.path("HISTORY_INBOX");
    }

    public String http(String path) {
        return "http://127.0.0.1:" + settings.get("HTTP_PORT") + path;
    }

    public String management(String path) {
        return "http://127.0.0.1:" + settings.get("MANAGEMENT_PORT") + path;
    }

    /** The rows of a query, each by column name. */
    public List<Map<String, Object>> rows(String sql, Object... parameters) throws SQLException {
        try (Connection connection = store.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Map<String, Object>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    /** The one number that a query yields. */
    public long number(String sql, Object... parameters) throws SQLException {
        return ((Number) rows(sql, parameters).get(0).values().iterator().next()).longValue();
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = store.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    @Override
    public void close() {
        main.stop();
        store.close();
    }
}
