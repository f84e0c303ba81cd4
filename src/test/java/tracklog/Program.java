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
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import tracklog.store.Store;

/** The whole program inside the test: the real routes on a real embedded PostgreSQL in a folder of its own. */
public final class Program implements AutoCloseable {

    private final Settings settings;
    private final Store store;
    private final Main main;

    private Program(Settings settings, Store store, Main main) {
        this.settings = settings;
        this.store = store;
        this.main = main;
    }

    /** Starts on a new data folder and free ports. */
    public static Program start(Map<String, String> settings) throws Exception {
        Files.createDirectories(Path.of("target/it"));
        return start(Files.createTempDirectory(Path.of("target/it"), "data-"), settings);
    }

    /** Starts on a given data folder, as a program does that was stopped there before. */
    public static Program start(Path dataDir, Map<String, String> settings) throws Exception {
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
        Settings read = new Settings(environment);
        Store store = Store.open(read);
        Main main = Tracklog.main(read, store);
        main.start();
        return new Program(read, store, main);
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
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
