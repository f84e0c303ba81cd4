package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.Settings;
import tracklog.TestProgram;

/** The server under DATA_DIR: its access rights, and how it starts from each state of its folder. */
class EmbeddedPostgresIT {

    private Path dataDir;

    @BeforeEach
    void makeDataDir() throws Exception {
        dataDir = ChildProgram.newDataDir();
    }

    @Test
    void itIsDurableAndShut() throws Exception {
        try (Store store = open(Map.of())) {
            for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
                assertThat(text(store, "show " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(text(store, "show listen_addresses")).isEqualTo("127.0.0.1");
            // The fifth line is the directory of the socket.
            assertThat(Files.readAllLines(dataDir.resolve("postgres/postmaster.pid"))
                            .get(4))
                    .isEmpty();
            assertThat(Files.readAllLines(dataDir.resolve("postgres/pg_hba.conf")))
                    .filteredOn(line -> line.startsWith("host"))
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith("scram-sha-256"));
            String url = store.dataSource().getJdbcUrl();
            assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", ""))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> DriverManager.getConnection(url, "tracklog", "wrong"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void theReaderReadsAllButTheConnectionAndWritesNothing() throws Exception {
        try (Store store = open(Map.of());
                Connection reader = DriverManager.getConnection(
                        store.dataSource().getJdbcUrl(),
                        "tracklog_reader",
                        Files.readString(dataDir.resolve("reader.password"), UTF_8)
                                .strip());
                Statement statement = reader.createStatement()) {
            for (String view : new String[] {"listening_history", "listening", "import", "poll", "rejected_line"}) {
                statement.executeQuery("select count(*) from " + view);
            }
            // The reader can make its transactions writable, but it still lacks the right to write.
            statement.execute("set default_transaction_read_only = off");
            for (String forbidden : new String[] {
                "select * from spotify_connection",
                "insert into listener (name, time_zone) values ('reader', 'UTC')",
                "delete from play",
                "create table tracklog.mine (n integer)",
                "create table public.mine (n integer)",
                "create temporary table mine (n integer)"
            }) {
                assertThatThrownBy(() -> statement.execute(forbidden))
                        .as(forbidden)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void aPidFileThatNamesAnotherProcessIsRemovedAndThatProcessLeftAlone() throws Exception {
        open(Map.of()).close();
        Path pidFile = dataDir.resolve("postgres/postmaster.pid");
        Path other = ChildProgram.newDataDir();
        Process sleep = new ProcessBuilder("sleep", "300").start();
        try (Store another = open(other, Map.of())) {
            long anotherServer = Long.parseLong(
                    Files.readAllLines(other.resolve("postgres/postmaster.pid")).get(0));
            for (long pid : new long[] {sleep.pid(), anotherServer, 4_000_000}) {
                Files.writeString(pidFile, pid + "\n" + dataDir.resolve("postgres") + "\n", UTF_8);
                try (Store store = open(Map.of())) {
                    assertThat(text(store, "select 'up'")).isEqualTo("up");
                }
            }
            assertThat(sleep.isAlive()).isTrue();
            assertThat(text(another, "select 'up'")).isEqualTo("up");
        } finally {
            sleep.destroy();
        }
    }

    @Test
    void aServerThatEndsByItselfIsStartedAgain() throws Exception {
        try (Store store = open(Map.of())) {
            long server = Long.parseLong(Files.readAllLines(dataDir.resolve("postgres/postmaster.pid"))
                    .get(0));
            new ProcessBuilder("kill", "-9", Long.toString(server)).start().waitFor();
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(text(store, "select 'up'")).isEqualTo("up"));
        }
    }

    @Test
    void aPasswordThatIsLostOrChangedIsSetAgain() throws Exception {
        open(Map.of()).close();
        Files.delete(dataDir.resolve("database.password"));
        open(Map.of()).close();
        open(Map.of("DATABASE_PASSWORD", "it's new")).close();
        try (Store store = open(Map.of())) {
            assertThat(store.dataSource().getPassword()).isEqualTo("it's new");
        }
    }

    @Test
    void aDatabaseOfAnotherMajorVersionIsNotTouched() throws Exception {
        open(Map.of()).close();
        Path version = dataDir.resolve("postgres/PG_VERSION");
        String ours = Files.readString(version, UTF_8);
        Files.writeString(version, "17\n", UTF_8);
        assertThatThrownBy(() -> open(Map.of()))
                .hasMessageContaining("PostgreSQL 17 made the database")
                .hasMessageContaining("pg_dump");
        Files.writeString(version, ours, UTF_8);
        open(Map.of()).close();
    }

    @Test
    void binariesOfAnotherBuildAreReplaced() throws Exception {
        Path binaries = dataDir.resolve("binaries");
        PostgresBinaries.in(binaries);
        Path origin = binaries.resolve("unpacked-from");
        String ours = Files.readString(origin, UTF_8);
        Files.writeString(origin, "an older one\n", UTF_8);
        Files.writeString(binaries.resolve("bin/postgres"), "an older one", UTF_8);
        PostgresBinaries unpacked = PostgresBinaries.in(binaries);
        assertThat(Files.readString(origin, UTF_8)).isEqualTo(ours);
        assertThat(unpacked.run("postgres", java.util.List.of("--version"), java.util.List.of()))
                .startsWith("postgres (PostgreSQL)");
    }

    @Test
    void programsThatShareTheBinariesUnpackThemOnce() throws Exception {
        Path binaries = dataDir.resolve("binaries");
        ExecutorService programs = Executors.newFixedThreadPool(3);
        try {
            Callable<Object> program = () -> {
                PostgresBinaries.in(binaries);
                return Files.readAttributes(binaries, BasicFileAttributes.class).fileKey();
            };
            Set<Object> seen = new HashSet<>();
            for (Future<Object> directory : programs.invokeAll(Collections.nCopies(3, program))) {
                seen.add(directory.get());
            }
            assertThat(seen).hasSize(1);
        } finally {
            programs.shutdownNow();
        }
        try (Stream<Path> left = Files.list(dataDir)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("binaries", ".unpacking");
        }
    }

    private Store open(Map<String, String> settings) throws Exception {
        return open(dataDir, settings);
    }

    private static Store open(Path dataDir, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DATA_DIR", dataDir.toString());
        all.put("POSTGRES_BINARIES", "target/postgres-binaries");
        all.put("DATABASE_PORT", Integer.toString(TestProgram.freePort()));
        return Store.open(new Settings(all));
    }

    private static String text(Store store, String sql) throws SQLException {
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
