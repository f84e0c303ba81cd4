package tracklog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The packaged program in a separate process, which can be killed. A new start on the same folder shows the recovery.
 *
 * <p>It needs {@code target/tracklog.jar}, so it serves tests that run after {@code package} ({@code *IT}).
 */
public final class ChildProgram implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Map<String, String> environment;
    private final Path output;
    private final Process jvm;

    private ChildProgram(Map<String, String> environment, Path output, Process jvm) {
        this.environment = environment;
        this.output = output;
        this.jvm = jvm;
    }

    /** A new data folder below {@code target/it}. */
    public static Path newDataDir() throws IOException {
        Path parent = Path.of("target/it").toAbsolutePath();
        Files.createDirectories(parent);
        return Files.createTempDirectory(parent, "data-");
    }

    /** Launches {@code tracklog run} on free ports; returns at once, before it is ready. */
    public static ChildProgram launch(Path dataDir, Map<String, String> settings) throws IOException {
        return launch(dataDir, settings, List.of("-Xmx256m"), "run");
    }

    /** The same with options for the JVM (a heap size, say) and another command. */
    public static ChildProgram launch(
            Path dataDir, Map<String, String> settings, List<String> jvmOptions, String... command) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATA_DIR", dataDir.toString(),
                "ROUTES", Path.of("routes").toAbsolutePath().toString(),
                "POSTGRES_BINARIES",
                        Path.of("target/postgres-binaries").toAbsolutePath().toString(),
                "DATABASE_PORT", Integer.toString(TestProgram.freePort()),
                "HTTP_PORT", Integer.toString(TestProgram.freePort()),
                "MANAGEMENT_PORT", Integer.toString(TestProgram.freePort()),
                "INBOX_DELAY", "200",
                "LC_ALL", "C.UTF-8",
                "PATH", System.getenv("PATH")));
        environment.putAll(settings);
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "@" + Path.of("src/main/java.options").toAbsolutePath()));
        line.addAll(jvmOptions);
        line.addAll(
                List.of("-jar", Path.of("target/tracklog.jar").toAbsolutePath().toString()));
        line.addAll(List.of(command));
        Path output = Files.createTempFile(Files.createDirectories(Path.of("target/it")), "output-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new ChildProgram(environment, output, builder.start());
    }

    /** Launches it and waits until it says that it is ready. */
    public static ChildProgram start(Path dataDir, Map<String, String> settings) throws Exception {
        ChildProgram program = launch(dataDir, settings);
        try {
            return program.awaitReady();
        } catch (AssertionError e) {
            program.killAll();
            throw e;
        }
    }

    public ChildProgram awaitReady() throws Exception {
        return awaitOutput("Tracklog is ready");
    }

    /** Waits until the program has written the text. Fails with its output if it ends before or takes too long. */
    public ChildProgram awaitOutput(String text) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!output().contains(text)) {
            if (!jvm.isAlive() || Instant.now().isAfter(deadline)) {
                if (output().contains(text)) {
                    break;
                }
                throw new AssertionError((jvm.isAlive() ? "Too slow" : "Ended with " + jvm.exitValue()) + ", without \""
                        + text + "\":\n" + output());
            }
            Thread.sleep(20);
        }
        return this;
    }

    /** Waits until the program has ended by itself, and returns its exit code. */
    public int awaitExit() throws InterruptedException {
        if (!jvm.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("It still runs");
        }
        return jvm.exitValue();
    }

    /** Everything that it has written so far. */
    public String output() throws IOException {
        return Files.readString(output, UTF_8);
    }

    public ProcessHandle jvm() {
        return jvm.toHandle();
    }

    public boolean isAlive() {
        return jvm.isAlive();
    }

    /** The value of a setting that it was started with. */
    public String setting(String name) {
        return environment.get(name);
    }

    public Path inbox() {
        return Path.of(environment.getOrDefault("HISTORY_INBOX", environment.get("DATA_DIR") + "/inbox"));
    }

    public String http(String path) {
        return "http://127.0.0.1:" + environment.get("HTTP_PORT") + path;
    }

    public String management(String path) {
        return "http://127.0.0.1:" + environment.get("MANAGEMENT_PORT") + path;
    }

    /** A connection of its own to the embedded database, as its owner. */
    public Connection connect() throws IOException, SQLException {
        return connect("tracklog", "database.password");
    }

    /** The same as another role, whose password lies in that file of the data folder. */
    public Connection connect(String role, String passwordFile) throws IOException, SQLException {
        String password = Files.readString(Path.of(environment.get("DATA_DIR"), passwordFile), UTF_8)
                .strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + environment.get("DATABASE_PORT") + "/tracklog?currentSchema=tracklog",
                role,
                password);
    }

    /** The same for those who take connections as they need them. */
    public DataSource dataSource() throws IOException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL("jdbc:postgresql://127.0.0.1:" + environment.get("DATABASE_PORT") + "/tracklog");
        dataSource.setCurrentSchema("tracklog");
        dataSource.setUser("tracklog");
        dataSource.setPassword(Files.readString(Path.of(environment.get("DATA_DIR"), "database.password"), UTF_8)
                .strip());
        return dataSource;
    }

    /** The one number that a query yields. */
    public long number(String sql) throws IOException, SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** SIGTERM, then waits for the end; returns how long it took. */
    public Duration stop() throws InterruptedException {
        Instant asked = Instant.now();
        jvm.destroy();
        awaitExit();
        return Duration.between(asked, Instant.now());
    }

    /** {@code kill -9} of the JVM alone: its database server lives on as an orphan. */
    public void killJvm() throws IOException, InterruptedException {
        kill(List.of(jvm.toHandle()));
        // The handle may know of the end before the process does, and isAlive() is asked next.
        jvm.waitFor();
    }

    /** {@code kill -9} of the database server alone, its children left to notice. */
    public void killServer() throws IOException, InterruptedException {
        kill(jvm.children().toList());
    }

    /** {@code kill -9} of the JVM, the server and all of the server's children at once. */
    public void killAll() throws IOException, InterruptedException {
        kill(Stream.concat(Stream.of(jvm.toHandle()), jvm.descendants()).toList());
        jvm.waitFor();
    }

    private static void kill(Collection<ProcessHandle> processes) throws IOException, InterruptedException {
        if (processes.isEmpty()) {
            return;
        }
        List<String> line = new ArrayList<>(Arrays.asList("kill", "-9"));
        processes.forEach(process -> line.add(Long.toString(process.pid())));
        new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        for (ProcessHandle process : processes) {
            process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    /** Stops it if it still runs; an orphaned server of its folder is killed. */
    @Override
    public void close() throws IOException {
        try {
            if (jvm.isAlive()) {
                stop();
            }
            killOrphan();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void killOrphan() throws IOException, InterruptedException {
        Path dataDir = Path.of(environment.get("DATA_DIR"));
        Path pidFile = dataDir.resolve("postgres/postmaster.pid");
        if (Files.exists(pidFile)) {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            ProcessHandle server = ProcessHandle.of(pid).orElse(null);
            if (server != null && server.info().commandLine().orElse("").contains(dataDir.toString())) {
                kill(Stream.concat(Stream.of(server), server.descendants()).toList());
            }
        }
    }
}
