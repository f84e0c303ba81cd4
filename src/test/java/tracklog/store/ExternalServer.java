package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import tracklog.TestProgram;

/**
 * An external PostgreSQL: the system's, for example Debian's 15, or a second embedded one if the system has none. The
 * cluster is created but not started.
 */
public final class ExternalServer implements AutoCloseable {

    public static final String PASSWORD = "external-secret";

    private final Path bin;
    private final Path cluster;
    private final int port;
    private Process server;

    public ExternalServer() throws Exception {
        bin = bin();
        port = TestProgram.freePort();
        Path parent = Files.createDirectories(Path.of("target/it").toAbsolutePath());
        cluster = Files.createTempDirectory(parent, "external-").resolve("cluster");
        Path passwordFile = cluster.resolveSibling("password");
        Files.writeString(passwordFile, PASSWORD, UTF_8);
        run(
                List.of(
                        "initdb",
                        "-D",
                        cluster.toString(),
                        "-U",
                        "tracklog",
                        "--auth=scram-sha-256",
                        "--encoding=UTF8"),
                "--pwfile=" + passwordFile);
    }

    private static Path bin() throws IOException {
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                Path oldest = versions.map(version -> version.resolve("bin"))
                        .filter(path -> Files.exists(path.resolve("initdb")))
                        .min(Comparator.naturalOrder())
                        .orElse(null);
                if (oldest != null) {
                    return oldest;
                }
            }
        }
        Path embedded = Path.of("target/postgres-binaries").toAbsolutePath();
        PostgresBinaries.in(embedded);
        return embedded.resolve("bin");
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Returns the settings with which a program uses this server. */
    public Map<String, String> settings() {
        return Map.of(
                "DATABASE_URL",
                url("postgres"),
                "DATABASE_PASSWORD",
                PASSWORD,
                "TOKEN_KEY",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    }

    public DataSource dataSource(String database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url(database));
        dataSource.setCurrentSchema("tracklog");
        dataSource.setUser("tracklog");
        dataSource.setPassword(PASSWORD);
        return dataSource;
    }

    public void start() throws Exception {
        start(Map.of());
    }

    /** Starts the server with additional environment variables. */
    public void start(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = builder(List.of(
                        "postgres",
                        "-D",
                        cluster.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        cluster.resolveSibling("log").toFile()));
        builder.environment().putAll(environment);
        server = builder.start();
    }

    /** Runs {@code pg_ctl stop -m immediate}: without a checkpoint, as after a power failure. */
    public void stopImmediately() throws Exception {
        run(List.of("pg_ctl", "stop", "-D", cluster.toString(), "-m", "immediate"), "-w");
    }

    private void run(List<String> command, String more) throws Exception {
        List<String> whole = new ArrayList<>(command);
        whole.add(more);
        Process process = builder(whole).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(whole + " failed: " + output);
        }
    }

    private ProcessBuilder builder(List<String> command) {
        List<String> whole = new ArrayList<>(command);
        whole.set(0, bin.resolve(command.get(0)).toString());
        if (System.getProperty("user.name").equals("root")) {
            whole.addAll(0, List.of("unshare", "-U"));
        }
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    @Override
    public void close() throws IOException {
        if (server == null) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                    .start()
                    .waitFor();
            if (!server.waitFor(60, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
