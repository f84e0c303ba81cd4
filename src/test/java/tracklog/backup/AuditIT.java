package tracklog.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tracklog.TestProgram;

/** The audit adds up, and reports what does not after a row was changed. */
class AuditIT {

    private static TestProgram program;
    private boolean addsUp;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        for (String document :
                new String[] {"extended-today.json", "account-data-music.json", "recently-played-2026.json"}) {
            Files.copy(
                    Path.of("src/test/resources/formats", document),
                    program.inbox().resolve(document));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> program.number("select count(*) from import where state = 'done'") == 3);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void addUp() throws Exception {
        assertThat(printed())
                .containsPattern("extended-today.json +me +extended_history +done +7 +6 +0 +1\n")
                .containsPattern("in sum +12 +11 +0 +1\n")
                .containsPattern("export +6 +6 ")
                .containsPattern("account_data +2 +2 ")
                .containsPattern("recently_played +3 +3 ")
                .contains("Open gaps: 0\n")
                .endsWith("All counts match.\n");
        assertThat(addsUp).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "delete from play where played_at = '2024-06-25 05:12:44Z'"
                        + "| me, export: the books say 6 plays were inserted, but 5 are stored",
                "insert into play (listener_id, played_at, track_id, source) "
                        + "select listener_id, now(), track_id, 'account_data' from play limit 1"
                        + "| me, account_data: the books say 2 plays were inserted, but 3 are stored",
                "alter table import drop constraint books_balance;"
                        + " update import set duplicates = 1 where source = 'export'"
                        + "| 7 lines read, but 6 inserted + 1 duplicates + 1 rejected",
                "update heard_day set plays = plays + 1 where not spoken and day = '2024-06-25'"
                        + "| me, music on 2024-06-25: ",
                "delete from heard_track | me, music of track ",
                "delete from rejected_line | me: the books say 1 lines were rejected, but 0 different ones are kept",
                "update play set same_as = play_id where played_at = '2024-06-25 05:12:44Z' | cannot stand for it",
            })
    void nameWhatDoesNotAddUp(String meddling, String fault) throws Exception {
        try (var connection = program.store().dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute(meddling);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(Audit.print(
                            new JdbcTemplate(new SingleConnectionDataSource(connection, true)),
                            new PrintStream(out, true, StandardCharsets.UTF_8)))
                    .isFalse();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("These do not match:\n")
                    .contains(fault);
            connection.rollback();
        }
    }

    private String printed() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        addsUp = new Audit(program.store().dataSource()).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
