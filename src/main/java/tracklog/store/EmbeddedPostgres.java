package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server under {@code DATA_DIR/postgres}: durable, on loopback only, with passwords.
 *
 * <p>Whatever was killed, and whenever, the next start recovers: a half-made cluster is never recognised, since it is
 * made beside its place and then renamed; a stale {@code postmaster.pid} is removed; an orphan of this directory is
 * stopped first. A server that ends by itself is started again.
 */
final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    /** Of {@code postmaster.pid}, counted from 0. */
    private static final int PORT_LINE = 3;

    static final String OWNER = "tracklog";
    private static final String HALF_MADE = "postgres.new-";
    private static final String HOST = "127.0.0.1";
    private static final String READER = "tracklog_reader";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(5);

    private static final Pattern OLD_SERVER = Pattern.compile("shared memory block|lock file .* already exists");

    /** What differs from the server's own defaults; durability (fsync, synchronous_commit) does not. */
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=" + HOST,
            "unix_socket_directories=",
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
            "log_rotation_age=1d",
            "log_rotation_size=0");

    private final DataFolder folder;
    private final PostgresBinaries binaries;
    private final Path cluster;
    private final Path startupLog;
    private final int port;
    private final String password;
    private volatile boolean closing;
    private volatile Process server;

    @SuppressWarnings("unused") // held so that it is not lost
    private CompletableFuture<Void> watch;

    /**
     * Starts the server, making its cluster first where there is none.
     *
     * @param wantedPassword the owner's; without one it is generated once
     * @throws IOException if the server does not come up; the message says why
     */
    EmbeddedPostgres(DataFolder folder, Path binaries, int port, Optional<String> wantedPassword)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.binaries = PostgresBinaries.in(binaries);
        this.cluster = folder.resolve("postgres");
        this.startupLog = folder.resolve("postgres-startup.log");
        this.port = port;
        sweepHalfMade();
        if (Files.notExists(cluster)) {
            createCluster();
        }
        requireSameMajorVersion();
        stopOrphan();
        Port.requireFree(HOST, port, "DATABASE_PORT");
        this.password = password(OWNER, "database.password", wantedPassword);
        password(READER, "reader.password", Optional.empty());
        try {
            start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    String url() {
        return url(port);
    }

    private static String url(int port) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + OWNER;
    }

    String password() {
        return password;
    }

    /** The line that opens the database with a client, as the role that can read only. */
    String client() {
        return "PGPASSWORD=$(cat '" + folder.resolve("reader.password") + "') psql -h " + HOST + " -p " + port + " -U "
                + READER + " " + OWNER;
    }

    /** How another process reaches the server of a running program. */
    record Running(String url, String password) {}

    /**
     * The server of the program that holds that folder; empty where none does.
     *
     * @throws IOException if one does and its server is not up
     */
    static Optional<Running> runningOn(Path dataDir) throws IOException {
        if (!DataFolder.isHeld(dataDir)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(dataDir.resolve("postgres/postmaster.pid"))) {
            String port = lines.skip(PORT_LINE).findFirst().orElse("").strip();
            String password = Secrets.read(dataDir.resolve("database.password")).orElse("");
            return Optional.of(new Running(url(Integer.parseInt(port)), password));
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            throw new IOException(
                    "The Tracklog that runs on " + dataDir + " is just starting or stopping. Try again.", e);
        }
    }

    /** What an orphaned initdb is still writing to is left for the next start. */
    private void sweepHalfMade() {
        try (DirectoryStream<Path> halfMade = Files.newDirectoryStream(cluster.getParent(), HALF_MADE + "*")) {
            for (Path path : halfMade) {
                Directories.delete(path);
            }
        } catch (IOException e) {
            LOG.debug("A half-made database stays for now", e);
        }
    }

    private void createCluster() throws IOException, InterruptedException {
        LOG.info("Making the database in {}", cluster);
        Path made = Files.createTempDirectory(cluster.getParent(), HALF_MADE);
        binaries.run(
                "initdb",
                List.of(
                        "-D",
                        made.toString(),
                        "-U",
                        "postgres",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--auth-host=scram-sha-256",
                        "--auth-local=reject",
                        "--no-instructions"),
                List.of());
        // Without a password the superuser cannot log in; only single-user mode, which nobody else can reach, uses it.
        singleUser(
                made,
                "create role " + OWNER + " login",
                "create role " + READER + " login connection limit 10",
                "alter role " + READER + " set default_transaction_read_only = on",
                "alter role " + READER + " set search_path = tracklog",
                "create database " + OWNER + " owner " + OWNER,
                "revoke all on database " + OWNER + ", postgres, template1 from public",
                "grant connect on database " + OWNER + " to " + READER);
        Files.move(made, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sets what the server and the file do not agree on: a new cluster, a lost file, another DATABASE_PASSWORD. */
    private String password(String role, String file, Optional<String> wanted)
            throws IOException, InterruptedException {
        Path path = folder.resolve(file);
        Optional<String> kept = Secrets.read(path);
        if (kept.isPresent() && (wanted.isEmpty() || wanted.equals(kept))) {
            return kept.get();
        }
        String password = wanted.orElseGet(RandomBits::token);
        singleUser(cluster, "alter role " + role + " password '" + password.replace("'", "''") + "'");
        Secrets.write(path, password);
        return password;
    }

    private void singleUser(Path directory, String... statements) throws IOException, InterruptedException {
        binaries.run(
                "postgres",
                List.of("--single", "-D", directory.toString(), "-c", "log_min_error_statement=panic", "postgres"),
                List.of(statements));
    }

    private void requireSameMajorVersion() throws IOException, InterruptedException {
        String made = Files.readString(cluster.resolve("PG_VERSION"), UTF_8).strip();
        String version = binaries.run("postgres", List.of("--version"), List.of());
        if (!version.contains(" " + made + ".")) {
            throw new IOException("The database in " + cluster + " was made by PostgreSQL " + made + " and this is \""
                    + version + "\". Nothing was changed. Take a pg_dump with the Tracklog that made it, move "
                    + cluster
                    + " away, start this one and restore the dump; or set DATABASE_URL to a PostgreSQL " + made + ".");
        }
    }

    /** A server of this directory that outlived its program would keep the port and the data. */
    private void stopOrphan() throws IOException, InterruptedException {
        ProcessHandle orphan =
                ProcessHandle.of(Math.abs(pidInFile())).filter(this::isOurs).orElse(null);
        if (orphan == null) {
            Files.deleteIfExists(pidFile());
            return;
        }
        LOG.info("Stopping the database server (process {}) that an earlier run left behind", orphan.pid());
        if (pidInFile() < 0) {
            // In single-user mode it ends with its input, which ended with that run.
            orphan.onExit()
                    .completeOnTimeout(orphan, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } else {
            stop();
        }
    }

    private Path pidFile() {
        return cluster.resolve("postmaster.pid");
    }

    /** The process that says to be the server of this directory, negative in single-user mode; 0 where none does. */
    private long pidInFile() {
        try (Stream<String> lines = Files.lines(pidFile())) {
            return lines.findFirst().map(String::strip).map(Long::valueOf).orElse(0L);
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Process numbers repeat: what counts is that it is a postgres and works in this directory. */
    private boolean isOurs(ProcessHandle process) {
        String commandLine = process.info().commandLine().orElse("");
        try {
            return commandLine.contains("postgres")
                    && Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "cwd"), cluster);
        } catch (IOException e) {
            return commandLine.contains("postgres") && commandLine.contains(cluster.toString());
        }
    }

    private synchronized void start() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        if (closing) {
            return;
        }
        server = launch();
        while (!ready(deadline)) {
            // Children of a killed server hold its memory for a moment longer; an orphan may just have come up.
            boolean again =
                    !server.isAlive() && OLD_SERVER.matcher(startupMessages()).find();
            if (!again || Instant.now().isAfter(deadline)) {
                throw new IOException("The database server did not come up. Its log is in " + cluster.resolve("log")
                        + "; its first messages were: " + startupMessages());
            }
            Thread.sleep(500);
            stopOrphan();
            server = launch();
        }
        watch = server.onExit().thenAcceptAsync(this::restart);
    }

    private Process launch() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-D", cluster.toString(), "-p", Integer.toString(port)));
        for (String setting : SETTINGS) {
            arguments.addAll(List.of("-c", setting));
        }
        return binaries.program("postgres", arguments)
                .redirectOutput(startupLog.toFile())
                .start();
    }

    /** What the server wrote before it opened its own log. */
    private String startupMessages() throws IOException {
        String messages = Files.readString(startupLog, UTF_8).strip();
        return messages.substring(Math.max(0, messages.length() - 2_000));
    }

    private boolean ready(Instant deadline) throws InterruptedException {
        while (server.isAlive() && !closing && Instant.now().isBefore(deadline)) {
            if (pidInFile() != server.pid()) {
                // Not yet, or another server has the port: that one must not be taken for ours.
                Thread.sleep(50);
                continue;
            }
            try (Connection connection = DriverManager.getConnection(url(), OWNER, password)) {
                return connection.isValid(5);
            } catch (SQLException e) {
                if ("28P01".equals(e.getSQLState())) {
                    throw new IllegalArgumentException(
                            "The embedded database does not take the password in " + folder.resolve("database.password")
                                    + ". Delete that file: the next start makes a new one.");
                }
                Thread.sleep(50);
            }
        }
        return false;
    }

    private void restart(Process ended) {
        while (!closing) {
            LOG.error("The database server ended by itself (exit code {}); starting it again", ended.exitValue());
            try {
                stopOrphan();
                start();
                LOG.info("The database server is up again");
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("It cannot be started: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                TimeUnit.SECONDS.sleep(BEFORE_NEXT_TRY.toSeconds());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void stop() throws IOException, InterruptedException {
        binaries.run(
                "pg_ctl",
                List.of(
                        "stop",
                        "-D",
                        cluster.toString(),
                        "-m",
                        "fast",
                        "-w",
                        "-s",
                        "-t",
                        Long.toString(PATIENCE.toSeconds())),
                List.of());
    }

    /** Stops the server with a checkpoint, so that the next start has nothing to recover. */
    @Override
    public void close() throws IOException {
        closing = true;
        // Also when the thread was interrupted, which is how the program is asked to stop.
        boolean interrupted = Thread.interrupted();
        synchronized (this) {
            try {
                if (server != null && server.isAlive()) {
                    // Fast shutdown, as pg_ctl's stop asks for; but that knows no server without a postmaster.pid yet.
                    binaries.run("pg_ctl", List.of("kill", "INT", Long.toString(server.pid())), List.of());
                    if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        throw new IOException("process " + server.pid() + " does not end");
                    }
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
