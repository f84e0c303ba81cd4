package tracklog.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tracklog.Settings;
import tracklog.TestProgram;
import tracklog.store.Store;

/**
 * {@code ./tracklog bench}: measures the limits of docs/performance.md, each together with its reference.
 *
 * <p>Every measurement has its own schema, which is dropped afterwards. The schema is in an embedded database of the
 * bench, or in the one that {@code DATABASE_URL} names.
 */
public final class Bench implements AutoCloseable {

    static final Path FOLDER = Path.of("target/bench");

    /** Measures one part and adds its rows to the report. */
    private interface Part {
        void measure(Bench bench) throws Exception;
    }

    private static final Map<String, Part> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("import", ImportBench::measure);
        PARTS.put("panels", PanelsBench::measure);
        PARTS.put("pages", PagesBench::measure);
        PARTS.put("poll", PollBench::measure);
        PARTS.put("start", StartBench::measure);
        PARTS.put("memory", MemoryBench::measure);
        PARTS.put("scale", ScaleBench::measure);
    }

    private final Report report = new Report();
    private final Map<String, Integer> sizes = new HashMap<>(Map.of(
            "lines", 500_000,
            "naive", 20_000,
            "rounds", 3,
            "requests", 20,
            "megabytes", 1_000,
            "idle", 20,
            "stored", 10_000_000));
    private final List<Part> parts = new ArrayList<>();
    private final Settings settings;
    private Store store;

    Bench(List<String> arguments) throws IOException {
        for (String argument : arguments) {
            String[] option = argument.split("=", 2);
            if (option.length == 2 && sizes.containsKey(option[0])) {
                sizes.put(option[0], Integer.valueOf(option[1]));
            } else if (PARTS.containsKey(argument)) {
                parts.add(PARTS.get(argument));
            } else {
                throw new IllegalArgumentException(
                        "There is no \"" + argument + "\"; parts are " + PARTS.keySet() + ", sizes are " + sizes + ".");
            }
        }
        if (parts.isEmpty()) {
            parts.addAll(PARTS.values());
        }
        Files.createDirectories(FOLDER);
        Map<String, String> given = new HashMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("DATABASE_") || name.equals("TOKEN_KEY")) {
                given.put(name, value);
            }
        });
        given.put("INBOX_DELAY", "50");
        settings = TestProgram.settings(newFolder(), given);
    }

    /** Ends with exit code 1 if a limit does not hold, and 2 if there is no such part. */
    public static void main(String... arguments) throws Exception {
        int exitCode;
        try (Bench bench = new Bench(Arrays.asList(arguments))) {
            exitCode = bench.run() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println("tracklog: " + e.getMessage());
            exitCode = 2;
        }
        System.exit(exitCode);
    }

    boolean run() throws Exception {
        for (Part part : parts) {
            part.measure(this);
        }
        report.print();
        report.write(Path.of("target/bench.json"), machine());
        return report.holds();
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch") + ", Java "
                + Runtime.version();
    }

    Report report() {
        return report;
    }

    int size(String name) {
        return sizes.get(name);
    }

    /** Starts the program with all routes on an empty schema. Closing it drops the schema. */
    TestProgram program() throws Exception {
        Map<String, String> given = Map.of("INBOX_DELAY", "50", "TIME_ZONE", "Europe/Stockholm");
        return TestProgram.on(store().scratch(), TestProgram.settings(newFolder(), given));
    }

    /** Creates a data folder, which is deleted when the bench is closed. */
    static Path newFolder() throws IOException {
        return Files.createTempDirectory(FOLDER, "data-").toAbsolutePath();
    }

    /** Creates an empty schema without a program. */
    Store scratch() throws Exception {
        return store().scratch();
    }

    private Store store() throws Exception {
        if (store == null) {
            store = Store.open(settings);
        }
        return store;
    }

    /** Writes pending data to disk, so that it does not slow down the next measurement. */
    static void settle(Store store) throws SQLException {
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet may = statement.executeQuery("select pg_has_role('pg_checkpoint', 'usage')")) {
                may.next();
                if (!may.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("checkpoint");
        }
    }

    /** Work that is measured. */
    interface Work {
        void run() throws Exception;
    }

    static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() throws IOException {
        if (store != null) {
            store.close();
        }
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
