package tracklog.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;

/** Only a backup that was restored and found equal is valid, and only a valid backup replaces an older one. */
class BackupsIT {

    private static TestProgram program;
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of("BACKUP_CRON", "0 0 0 1 1 ? 2099", "BACKUP_KEEP", "2"));
        folder = program.dataDir().resolve("backup");
        for (String document : List.of("extended-today.json", "account-data-music.json", "recently-played-2026.json")) {
            Files.copy(
                    Path.of("src/test/resources/formats", document),
                    program.inbox().resolve(document));
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> program.number("select count(*) from import where state = 'done'") == 3);
        program.execute("update listener set name = 'Jonas', time_zone = 'Asia/Tokyo', spotify_user_id = 'jonas'");
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void theLastOnesAreKeptAndABrokenOnePushesNoneOut() throws Exception {
        // A crash left these files. The other files do not belong to Tracklog.
        program.execute("create schema tracklog_trial_0123456789abcdef create table left_behind (a integer)");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tracklog-20200101T000000000Z.zip.unverified.part"), "left behind");
        Files.writeString(folder.resolve("tracklog-20200101T000000000Z.zip.unverified.part.rest"), "left behind");
        Files.writeString(folder.resolve("tracklog-mine.zip"), "mine");
        for (int i = 0; i < 3; i++) {
            program.context().createProducerTemplate().sendBody("direct:make-backup", null);
        }
        List<String> good = files();
        assertThat(good).hasSize(3).contains("tracklog-mine.zip").allMatch(name -> name.endsWith(".zip"));
        assertThat(program.number("select count(*) from pg_namespace where nspname like 'tracklog!_trial%' escape '!'"))
                .isZero();

        // No document contains such a play: equal plays have different numbers only in account data.
        program.execute("update play set nth = 7 where source = 'export' and ms_played = 840");
        try {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(
                                () -> program.context().createProducerTemplate().sendBody("direct:make-backup", null))
                        .cause()
                        .hasMessageContaining("differs from the database: stored were");
            }
        } finally {
            program.execute("update play set nth = 0 where source = 'export' and ms_played = 840");
        }
        assertThat(files()).containsAll(good).hasSize(4).anyMatch(name -> name.endsWith(".zip.broken"));
    }

    @Test
    void isTakenWhenTheTimerFiresAndNotWithoutOne() throws Exception {
        try (TestProgram often = TestProgram.start(Map.of("BACKUP_CRON", "* * * * * ?"))) {
            Path backups = often.dataDir().resolve("backup");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.isDirectory(backups)
                            && files(backups).stream().anyMatch(name -> name.endsWith(".zip")));
        }
        try (TestProgram without = TestProgram.start(Map.of())) {
            assertThat(without.context().getRoute("back-up")).isNull();
        }
    }

    private static List<String> files() throws Exception {
        return files(folder);
    }

    private static List<String> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
