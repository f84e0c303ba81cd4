package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server under {@code DATA_DIR/postgres}: durable, on loopback only, with passwords.
 *
 * <p>Whatever was killed, and whenever, the next start recovers: a half-made cluster is never recognised, since it is
 * made beside its place and then renamed; a stale {@code postmaster.pid} is removed; an orphan of this directory is
 * stopped first. One program at a time holds the directory, by a file lock that dies with it.
 */
final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    static final String OWNER = "tracklog";

    /** Of {@code postmaster.pid}, counted from 0. */
    private static final int PORT_LINE = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path binaries;
    private final Path cluster;
    private final int port;
    private final String password;
    private final String readerPassword;
    private final FileChannel lockFile;
    private final FileLock lock;
    private Process server;

    @SuppressWarnings("unused") // held so that it is not lost
    private CompletableFuture<Void> watch;

    private boolean closing;

    /**
     * Starts the server, making its cluster first where there is none.
     *
     * @throws IOException if the directory is in use by another program, or the server does not come up
     */
    EmbeddedPostgres(Path dataDir, Path binaries, int port, String wantedPassword)
            throws IOException, InterruptedException {
        Files.createDirectories(dataDir);
        this.port = port;
        this.cluster = dataDir.resolve("postgres");
        this.lockFile =
                FileChannel.open(dataDir.resolve("tracklog.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        this.lock = lock(lockFile);
        if (lock == null) {
            lockFile.close();
            throw new IOException("Another Tracklog already runs on " + dataDir
                    + ". Stop it first, or give this one a DATA_DIR of its own.");
        }
        try {
            this.password = Secrets.fileOnce(dataDir.resolve("database.password"), wantedPassword);
            this.readerPassword = Secrets.fileOnce(dataDir.resolve("reader.password"), Secrets.random());
            this.binaries = PostgresBinaries.in(binaries);
            if (Files.notExists(cluster)) {
                createCluster(dataDir);
            }
            stopOrphan();
            start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    String url() {
        return url(port);
    }

    String password() {
        return password;
    }

    /** How another process reaches the server of a running program. */
    record Running(String url, String password) {}

    /**
     * The server of the program that holds that directory; empty where none does.
     *
     * @throws IOException if one does and its server is not up
     */
    static Optional<Running> runningOn(Path dataDir) throws IOException {
        Path lockFile = dataDir.resolve("tracklog.lock");
        if (Files.notExists(lockFile)) {
            return Optional.empty();
        }
        try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = lock(file)) {
            if (free != null) {
                return Optional.empty();
            }
        }
        Path pidFile = dataDir.resolve("postgres/postmaster.pid");
        try (Stream<String> lines = Files.lines(pidFile)) {
            String port = lines.skip(PORT_LINE).findFirst().orElse("").strip();
            String password = Files.readString(dataDir.resolve("database.password"), UTF_8)
                    .strip();
            return Optional.of(new Running(url(Integer.parseInt(port)), password));
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            throw new IOException(
                    "The Tracklog that runs on " + dataDir + " is just starting or stopping. Try again.", e);
        }
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + OWNER;
    }

    private static FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private void createCluster(Path dataDir) throws IOException, InterruptedException {
        try (DirectoryStream<Path> halfMade = Files.newDirectoryStream(dataDir, "postgres.new*")) {
            for (Path path : halfMade) {
                Directories.delete(path);
            }
        }
        LOG.info("Making the database in {}", cluster);
        Path made = dataDir.resolve("postgres.new");
        run(
                List.of(),
                command("initdb", "-D", made.toString(), "-U", "postgres", "--encoding=UTF8", "--no-locale"),
                "--auth-host=scram-sha-256",
                "--auth-local=reject",
                "--no-instructions");
        // Without a password the superuser cannot log in; only single-user mode, which nobody else can reach, uses it.
        run(
                List.of(
                        "create role tracklog login password '" + password + "'",
                        "create role tracklog_reader login password '" + readerPassword
                                + "' in role pg_monitor connection limit 10",
                        "alter role tracklog_reader set default_transaction_read_only = on",
                        "alter role tracklog_reader set search_path = tracklog",
                        "create database tracklog owner tracklog",
                        "revoke all on database tracklog from public",
                        "grant connect on database tracklog to tracklog_reader"),
                command("postgres", "--single", "-D", made.toString(), "postgres"));
        Files.move(made, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A server of this directory that outlived its program would keep the port and the data. */
    private void stopOrphan() throws IOException, InterruptedException {
        ProcessHandle orphan =
                ProcessHandle.of(pidInFile()).filter(this::isOurs).orElse(null);
        if (orphan == null) {
            Files.deleteIfExists(pidFile());
            return;
        }
        LOG.info("Stopping the database server (process {}) that an earlier run left behind", orphan.pid());
        stop();
    }

    private Path pidFile() {
        return cluster.resolve("postmaster.pid");
    }

    /** The process that says to be the server of this directory; -1 where none does. */
    private long pidInFile() {
        try (Stream<String> lines = Files.lines(pidFile())) {
            return lines.findFirst().map(String::strip).map(Long::valueOf).orElse(-1L);
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return -1;
        }
    }

    private boolean isOurs(ProcessHandle process) {
        Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return Files.isSameFile(workingDirectory, cluster);
        } catch (IOException e) {
            return process.info()
                    .commandLine()
                    .filter(line -> line.contains("postgres") && line.contains(cluster.toString()))
                    .isPresent();
        }
    }

    private synchronized void start() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            server = launch();
            if (ready(deadline)) {
                break;
            }
            // Children of a killed server hold its shared memory for a moment longer.
            if (server.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IOException("The database server did not come up. Its log is in " + cluster.resolve("log")
                        + "; is port " + port + " taken (DATABASE_PORT)?");
            }
            Thread.sleep(1_000);
        }
        watch = server.onExit().thenAccept(this::restartUnlessClosing);
    }

    private Process launch() throws IOException {
        List<String> command = command(
                "postgres",
                "-D",
                cluster.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=");
        for (String setting : SETTINGS) {
            command.add("-c");
            command.add(setting);
        }
        return builder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        cluster.resolve("startup.log").toFile()))
                .start();
    }

    /** What differs from the server's own defaults; durability (fsync, synchronous_commit) does not. */
    private static final List<String> SETTINGS = List.of(
            "max_connections=40",
            "shared_buffers=64MB",
            "work_mem=16MB",
            "max_wal_size=512MB",
            "wal_level=minimal",
            "max_wal_senders=0",
            "jit=off",
            "timezone=UTC",
            "password_encryption=scram-sha-256",
            // A statement or a row in the log could carry what the export says about a person.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            "logging_collector=on",
            "log_directory=log",
            "log_filename=postgres-%a.log",
            "log_truncate_on_rotation=on",
            "log_rotation_age=1d");

    private boolean ready(Instant deadline) throws InterruptedException {
        while (server.isAlive() && Instant.now().isBefore(deadline)) {
            if (pidInFile() != server.pid()) {
                // Not yet, or another server has the port: that one must not be taken for ours.
                Thread.sleep(50);
                continue;
            }
            try (Connection connection = DriverManager.getConnection(url(), OWNER, password)) {
                return connection.isValid(5);
            } catch (SQLException e) {
                if ("28P01".equals(e.getSQLState())) {
                    throw new IllegalArgumentException("The password of the embedded database is not the one it was"
                            + " made with. Unset DATABASE_PASSWORD, or restore database.password in DATA_DIR.");
                }
                Thread.sleep(100);
            }
        }
        return false;
    }

    private synchronized void restartUnlessClosing(Process ended) {
        if (closing) {
            return;
        }
        LOG.error("The database server ended by itself (exit code {}); starting it again", ended.exitValue());
        try {
            stopOrphan();
            start();
        } catch (IOException | RuntimeException e) {
            LOG.error("The database server could not be started again; stop Tracklog and start it anew", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() throws IOException, InterruptedException {
        run(
                List.of(),
                command("pg_ctl", "stop", "-D", cluster.toString(), "-m", "fast", "-w", "-s", "-t"),
                Long.toString(PATIENCE.toSeconds()));
    }

    /** Stops the server with a checkpoint, so that the next start has nothing to recover. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closing = true;
        }
        try {
            if (server.isAlive()) {
                stop();
                server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lockFile.close();
        }
    }

    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        // PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is.
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            command.addAll(List.of("unshare", "-U"));
        }
        // A session of its own: Ctrl-C in the terminal is for us, and we stop the server when the routes have ended.
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(binaries.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void run(List<String> input, List<String> command, String... more)
            throws IOException, InterruptedException {
        command.addAll(List.of(more));
        Process process = builder(command).redirectErrorStream(true).start();
        try (var stdin = process.outputWriter(UTF_8)) {
            for (String line : input) {
                stdin.write(line + "\n");
            }
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exitCode = process.waitFor();
        if (exitCode != 0 || output.contains("ERROR:")) {
            throw new IOException(
                    String.join(" ", command) + " failed with exit code " + exitCode + ": " + output.strip());
        }
    }

    /** The server inherits no secret of ours. */
    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        String path = System.getenv("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path == null ? "/usr/bin:/bin" : path);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }
}
