package tracklog.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tracklog.TestProgram;

/** Imports each kind of document that Spotify sends, unchanged, through the real route. */
class FormatsIT {

    private static TestProgram program;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @ParameterizedTest
    @CsvSource({
        "extended-today.json, extended_history, 7, 1",
        "extended-2021-endsong.json, extended_history, 3, 0",
        "extended-video.json, extended_history, 2, 0",
        "account-data-music.json, account_data, 2, 0",
        "account-data-podcast.json, account_data, 1, 0",
        "recently-played-2026.json, recently_played, 3, 0",
        "recently-played-before-march-2026.json, recently_played, 1, 0",
    })
    void aDocumentIsImportedWithBalancedBooks(String document, String format, long lines, long rejected)
            throws Exception {
        Files.copy(
                Path.of("src/test/resources/formats", document), program.inbox().resolve("in-" + document));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(program.rows(
                                "select format, lines_read, inserted + duplicates as plays, rejected from import"
                                        + " where document = ? and state = 'done'",
                                "in-" + document))
                        .containsExactly(Map.of(
                                "format",
                                format,
                                "lines_read",
                                lines,
                                "plays",
                                lines - rejected,
                                "rejected",
                                rejected)));
    }

    @Test
    void aLineWithoutContentIsKeptWithItsReason() throws Exception {
        Files.copy(
                Path.of("src/test/resources/formats/extended-today.json"),
                program.inbox().resolve("again.json"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(program.rows("select reason from rejected_line"))
                        .containsExactly(Map.of("reason", "it names no track, episode or chapter")));
        assertThat(program.number("select count(*) from rejected_line where line like '%198.51.100%'"))
                .isZero();
    }
}
