package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the embedded server under {@code DATA_DIR/postgres}, and what only single-user mode may change in them.
 */
record PostgresCluster(DataFolder folder, PostgresBinaries binaries) {

    static final String OWNER = "tracklog";
    static final String READER = "tracklog_reader";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
    private static final String UNFINISHED = "postgres.new-";

    Path path() {
        return folder.resolve("postgres");
    }

    /**
     * Creates the cluster unless it exists.
     *
     * <p>It is created beside its place and then renamed, so that a kill leaves no unfinished one at its place.
     *
     * @throws IOException if it exists and another major version of PostgreSQL made it
     */
    void createIfAbsent() throws IOException, InterruptedException {
        try {
            PostgresArchive.sweep(path().getParent(), UNFINISHED);
        } catch (IOException e) {
            LOG.debug("The next start deletes what an orphaned initdb still writes to", e);
        }
        if (Files.exists(path())) {
            requireSameMajorVersion();
            return;
        }
        LOG.info("Creating the database in {}", path());
        Path unfinished = Files.createTempDirectory(path().getParent(), UNFINISHED);
        binaries.run(
                "initdb",
                List.of(
                        "--pgdata=" + unfinished,
                        "--username=postgres",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--auth-host=scram-sha-256",
                        "--auth-local=reject",
                        "--no-instructions"),
                List.of());
        // The superuser has no password and so cannot log in. Only single-user mode uses it.
        singleUser(unfinished, SqlFiles.read("create-roles").lines().toList());
        Files.move(unfinished, path(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireSameMajorVersion() throws IOException, InterruptedException {
        String major = Files.readString(path().resolve("PG_VERSION"), UTF_8).strip();
        String version = binaries.run("postgres", List.of("--version"), List.of());
        if (!version.contains(" " + major + ".")) {
            throw new IOException("PostgreSQL " + major + " made the database in " + path() + ", and this is \""
                    + version + "\". Nothing was changed. Take a pg_dump with the Tracklog that made it, move "
                    + path()
                    + " away, start this one and restore the dump; or set DATABASE_URL to a PostgreSQL " + major + ".");
        }
    }

    /**
     * Returns a role's password, and sets it where cluster and file disagree: the cluster is new, the file was lost, or
     * {@code DATABASE_PASSWORD} has changed.
     */
    String password(String role, String file, Optional<String> wanted) throws IOException, InterruptedException {
        Path path = folder.resolve(file);
        Optional<String> kept = Secrets.read(path);
        if (kept.isPresent() && (wanted.isEmpty() || wanted.equals(kept))) {
            return kept.get();
        }
        String password = wanted.orElseGet(RandomBits::token);
        singleUser(path(), List.of(SqlFiles.read("set-password").strip().formatted(role, password.replace("'", "''"))));
        Secrets.write(path, password);
        return password;
    }

    private void singleUser(Path directory, List<String> statements) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--single", "-D", directory.toString()));
        arguments.addAll(List.of("-c", "log_min_error_statement=panic", "postgres"));
        binaries.run("postgres", arguments, statements);
    }
}
