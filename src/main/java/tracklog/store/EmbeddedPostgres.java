package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server under {@code DATA_DIR/postgres}: durable, on loopback only, with passwords.
 *
 * <p>It recovers from a kill at any moment. A stale {@code postmaster.pid} is removed, an orphaned server of this
 * directory is stopped first, and a server that ends by itself is started again.
 */
final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(5);

    private static final Pattern OLD_SERVER = Pattern.compile("shared memory block|lock file .* already exists");

    /** What differs from the server's own defaults. Durability (fsync, synchronous_commit) does not. */
    private static final List<String> SETTINGS = TextResource.read("store/postgresql.conf")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();

    private final DataFolder folder;
    private final PostgresBinaries binaries;
    private final Path cluster;
    private final PidFile pidFile;
    private final int port;
    private final String password;
    private volatile boolean closing;
    private volatile Process server;

    @SuppressWarnings("unused") // The reference keeps it from being collected.
    private CompletableFuture<Void> watch;

    /**
     * Starts the server, and creates its cluster first where there is none.
     *
     * @param wantedPassword the owner's; it is generated once if empty
     * @throws IOException if the server does not come up; the message says why
     */
    EmbeddedPostgres(DataFolder folder, Path binaries, int port, Optional<String> wantedPassword)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.binaries = PostgresBinaries.in(binaries);
        this.port = port;
        PostgresCluster files = new PostgresCluster(folder, this.binaries);
        this.cluster = files.path();
        this.pidFile = new PidFile(cluster.resolve("postmaster.pid"));
        files.createIfAbsent();
        stopOrphan();
        Port.requireFree(HOST, port, "DATABASE_PORT");
        this.password = files.password(PostgresCluster.OWNER, "database.password", wantedPassword);
        files.password(PostgresCluster.READER, "reader.password", Optional.empty());
        try {
            start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    Pool pool() {
        return pool(port, password);
    }

    private static Pool pool(int port, String password) {
        return new Pool(
                "jdbc:postgresql://" + HOST + ":" + port + "/" + PostgresCluster.OWNER,
                PostgresCluster.OWNER,
                password);
    }

    /** Returns the shell command that opens the database as the role that can only read. */
    String client() {
        return "PGPASSWORD=$(cat '" + folder.resolve("reader.password") + "') psql -h " + HOST + " -p " + port + " -U "
                + PostgresCluster.READER + " " + PostgresCluster.OWNER;
    }

    /**
     * Returns the server of the program that holds that folder; empty where none does.
     *
     * @throws IOException if one does and its server is not up
     */
    static Optional<Pool> runningOn(Path dataDir) throws IOException {
        if (!DataFolder.isHeld(dataDir)) {
            return Optional.empty();
        }
        try {
            int port = new PidFile(dataDir.resolve("postgres/postmaster.pid")).port();
            return Optional.of(pool(
                    port, Secrets.read(dataDir.resolve("database.password")).orElse("")));
        } catch (IOException e) {
            throw new IOException(
                    "The Tracklog that runs on " + dataDir + " is just starting or stopping. Try again.", e);
        }
    }

    /** Stops a server of this directory that outlived its program: it would keep the port and the data. */
    private void stopOrphan() throws IOException, InterruptedException {
        long pid = pidFile.pid();
        ProcessHandle orphan =
                ProcessHandle.of(Math.abs(pid)).filter(this::isOurs).orElse(null);
        if (orphan == null) {
            pidFile.delete();
            return;
        }
        LOG.info("Stopping the database server (process {}) that an earlier run left behind", orphan.pid());
        if (pid < 0) {
            // In single-user mode it ends with its input, which ended with that run.
            orphan.onExit()
                    .completeOnTimeout(orphan, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } else {
            String patience = Long.toString(PATIENCE.toSeconds());
            binaries.run(
                    "pg_ctl",
                    List.of("stop", "-D", cluster.toString(), "-m", "fast", "-w", "-s", "-t", patience),
                    List.of());
        }
    }

    /** Tells whether a process is a postgres that works in this directory. Process numbers repeat. */
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
            // Children of a killed server hold its memory for a moment longer. An orphan may just have come up.
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
        SETTINGS.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return binaries.program("postgres", arguments)
                .redirectOutput(startupLog().toFile())
                .start();
    }

    private Path startupLog() {
        return folder.resolve("postgres-startup.log");
    }

    /** Returns what the server wrote before it opened its own log. */
    private String startupMessages() throws IOException {
        String messages = Files.readString(startupLog(), UTF_8).strip();
        return messages.substring(Math.max(0, messages.length() - 2_000));
    }

    private boolean ready(Instant deadline) throws InterruptedException {
        while (server.isAlive() && !closing && Instant.now().isBefore(deadline)) {
            if (pidFile.pid() != server.pid()) {
                // It does not listen yet, or another server has the port and must not be taken for it.
                Thread.sleep(50);
                continue;
            }
            try (Connection connection = DriverManager.getConnection(pool().url(), PostgresCluster.OWNER, password)) {
                return connection.isValid(5);
            } catch (SQLException e) {
                if ("28P01".equals(e.getSQLState())) {
                    throw new IllegalArgumentException("The embedded database does not accept the password in "
                            + folder.resolve("database.password")
                            + ". Delete that file: the next start makes a new one.");
                }
                Thread.sleep(50);
            }
        }
        return false;
    }

    private void restart(Process ended) {
        try {
            while (!closing) {
                LOG.error("The database server ended by itself (exit code {}); starting it again", ended.exitValue());
                try {
                    stopOrphan();
                    start();
                    LOG.info("The database server is up again");
                    return;
                } catch (IOException | RuntimeException e) {
                    LOG.error("The database server cannot be started: {}", e.getMessage());
                }
                TimeUnit.SECONDS.sleep(BEFORE_NEXT_TRY.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the server with a checkpoint, so that the next start has nothing to recover. */
    @Override
    public void close() throws IOException {
        closing = true;
        // An interrupt asks the program to stop, and must not cut this short.
        boolean interrupted = Thread.interrupted();
        synchronized (this) {
            try {
                if (server != null && server.isAlive()) {
                    // A fast shutdown, as by pg_ctl stop, which does not know a server without a postmaster.pid yet.
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
