package tracklog.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.store.ExternalServer;

/** Sets the clock of program and database back and forward by an hour, with libfaketime. Work must go on. */
class ClockIT {

    private static Path library;
    private final Path clock;

    ClockIT() throws Exception {
        clock = ChildProgram.newDataDir().resolve("clock");
        set("+0");
    }

    @BeforeAll
    static void findLibrary() throws Exception {
        try (Stream<Path> found = Files.find(
                Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            library = found.findFirst().orElse(null);
        }
        Parts.require(library != null, "libfaketime is not installed (apt-get install faketime)");
    }

    @Test
    void setBackAndForthByAnHour() throws Exception {
        Map<String, String> faked = Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // This option is for an old glibc. With it no thread of the JVM ever waits.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                // File times are not changed.
                "NO_FAKE_STAT", "1");
        Path dataDir = ChildProgram.newDataDir();
        try (Music music = new Music();
                ExternalServer server = new ExternalServer()) {
            server.start(faked);
            var database = server.dataSource("postgres");
            Map<String, String> settings = music.settings(faked);
            settings.putAll(server.settings());
            music.goOn(5);
            try (ChildProgram program = ChildProgram.start(dataDir, settings)) {
                music.awaitIn(database, program.inbox());
                int round = 0;
                for (String offset : List.of("-3600", "+3600", "+0")) {
                    // Tracklog checks the clock every five seconds and does not notice shorter changes.
                    Thread.sleep(12_000);
                    set(offset);
                    music.goOn(5);
                    music.drop(program.inbox(), "round-" + ++round + ".json", round * 1_000, round * 1_000 + 1_500);
                    music.awaitIn(database, program.inbox());
                }
                music.assertStoredAndServedOnce(database, program.http(""));
                // The first firing after Tracklog noticed the change dates these polls back.
                await("no poll says that it is from the future")
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> Music.rows(
                                        database,
                                        "select count(*) from poll where greatest(fire_time, started_at, finished_at)"
                                                + " > now() + interval '1 minute'")
                                .equals(List.of("0")));
                assertThat(program.output()).doesNotContain("\tat ");
            }
        }
    }

    private void set(String offset) throws Exception {
        Path written = Files.writeString(clock.resolveSibling("written"), offset + "\n");
        Files.move(written, clock, StandardCopyOption.ATOMIC_MOVE);
    }
}
