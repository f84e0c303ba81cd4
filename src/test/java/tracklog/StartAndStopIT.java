package tracklog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.impl.triggers.CronTriggerImpl;

/** The program as a process: what a person sees who starts and stops it. */
class StartAndStopIT {

    @Test
    void itSaysWhereThingsAreAndStopsCleanlyOnSigterm() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        try (ChildProgram program = ChildProgram.start(dataDir, Map.of())) {
            List<ProcessHandle> all = program.jvm().descendants().toList();
            assertThat(all).isNotEmpty();
            assertThat(program.output())
                    .contains("psql -h 127.0.0.1 -p " + program.setting("DATABASE_PORT"))
                    .contains(dataDir.resolve("inbox").toString())
                    .contains(program.management("/observe/health"))
                    .contains(program.management("/observe/metrics"));
            assertThat(program.stop()).isLessThan(Duration.ofSeconds(10));
            assertThat(program.output()).contains("Tracklog has stopped.").doesNotContain("Exception");
            // The server's logger notices a moment later that it is alone.
            await().untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
            assertThat(dataDir.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void aSecondOneOnTheSameFolderIsTurnedAwayAndTheFirstGoesOn() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        try (ChildProgram first = ChildProgram.start(dataDir, Map.of());
                ChildProgram second = ChildProgram.launch(dataDir, Map.of())) {
            endsAndSays(second, "Another Tracklog already runs on " + dataDir);
            assertThat(first.number("select count(*) from listener")).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PORT", "MANAGEMENT_PORT", "DATABASE_PORT"})
    void aTakenPortIsNamedWithItsSetting(String setting) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChildProgram program = ChildProgram.launch(
                        ChildProgram.newDataDir(), Map.of(setting, Integer.toString(taken.getLocalPort())))) {
            endsAndSays(program, "Port " + taken.getLocalPort(), setting);
        }
    }

    @Test
    void aPortThatTheDatabaseTakesIsNamedAsWell() throws Exception {
        String port = Integer.toString(TestProgram.freePort());
        try (ChildProgram program =
                ChildProgram.launch(ChildProgram.newDataDir(), Map.of("HTTP_PORT", port, "DATABASE_PORT", port))) {
            endsAndSays(program, "Port " + port, "HTTP_PORT");
        }
    }

    /** Quartz rounds the start of a trigger in the default zone, which adds an hour in the first of two equal hours. */
    @Test
    @SuppressWarnings("JavaUtilDate") // Quartz has no other interface
    void aTimerStartsOnTimeInTheNightWhenClocksAreSetBack() throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Stockholm"));
        try (TestProgram program = TestProgram.start(Map.of("TIME_ZONE", ""))) {
            CronTriggerImpl trigger = new CronTriggerImpl();
            trigger.setStartTime(Date.from(Instant.parse("2027-10-31T00:59:10Z")));
            assertThat(trigger.getStartTime()).isEqualTo("2027-10-31T00:59:10Z");
            assertThat(program.rows("select time_zone from listener"))
                    .containsExactly(Map.of("time_zone", "Europe/Stockholm"));
        }
    }

    @Test
    void withoutRoutesItSaysWhereItLookedForThem() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        Path routes = dataDir.resolve("nowhere");
        try (ChildProgram program = ChildProgram.launch(dataDir, Map.of("ROUTES", routes.toString()))) {
            endsAndSays(program, "There is no folder " + routes + " (ROUTES).");
            assertThat(dataDir.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void oneThatWaitsForItsDatabaseStopsAtOnce() throws Exception {
        Map<String, String> settings = Map.of(
                "DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + TestProgram.freePort() + "/tracklog",
                "TOKEN_KEY",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        try (ChildProgram program = ChildProgram.launch(ChildProgram.newDataDir(), settings)) {
            program.awaitOutput("Waiting for the database");
            assertThat(program.stop()).isLessThan(Duration.ofSeconds(10));
            assertThat(program.output())
                    .contains("Tracklog was stopped before it was up.")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void withLogFormatJsonEachLineIsAnObject() throws Exception {
        try (ChildProgram program = ChildProgram.start(ChildProgram.newDataDir(), Map.of("LOG_FORMAT", "json"))) {
            for (String line : program.output().lines().toList()) {
                assertThat(new ObjectMapper().readTree(line).get("message").asText())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void onlyItsOwnerCanReadWhatItKeeps() throws Exception {
        Path dataDir = ChildProgram.newDataDir().resolve("new");
        try (ChildProgram program = ChildProgram.start(dataDir, Map.of())) {
            assertThat(program.isAlive()).isTrue();
            for (String directory : List.of("", "postgres")) {
                assertThat(mode(dataDir.resolve(directory))).as(directory).isEqualTo("rwx------");
            }
            for (String secret : List.of("database.password", "reader.password", "token.key")) {
                assertThat(mode(dataDir.resolve(secret))).as(secret).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryFolderByOneThatWasKilled() throws Exception {
        Path temporary = ChildProgram.newDataDir();
        try (ChildProgram program = ChildProgram.launch(
                ChildProgram.newDataDir(), Map.of(), List.of("-Djava.io.tmpdir=" + temporary), "run")) {
            program.awaitReady();
            program.killAll();
            assertThat(temporary).isEmptyDirectory();
        }
    }

    /** With exit code 1, and without a stack trace. */
    private static void endsAndSays(ChildProgram program, String... words) throws Exception {
        assertThat(program.awaitExit()).isOne();
        assertThat(program.output()).contains(words).doesNotContain("\tat ");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
