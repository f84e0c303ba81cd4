package tracklog.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tracklog.TestProgram;
import tracklog.document.Lines;
import tracklog.intake.InboxDriver;

/** What lies in the bucket is imported as from the inbox, whatever S3 does meanwhile. */
class BucketIT {

    private static S3Server s3;
    private static TestProgram program;

    @BeforeAll
    static void start() throws Exception {
        s3 = new S3Server();
        // It starts without S3.
        s3.answers("ANY", ".*", 503, "SlowDown");
        program = TestProgram.start(s3.settings(Map.of("BACKUP_KEEP", "2")));
    }

    @AfterAll
    static void stop() {
        program.close();
        s3.close();
        // No more than terraform/access.tf lets the instance do.
        assertThat(s3.asked())
                .containsExactlyInAnyOrder(
                        "GET ",
                        "HEAD ",
                        "GET history",
                        "DELETE history",
                        "PUT done",
                        "PUT failed",
                        "PUT raw",
                        "PUT backup",
                        "DELETE backup");
    }

    @BeforeEach
    void empty() throws Exception {
        s3.allIsWell();
        s3.clear();
        program.execute("truncate play, track, track_alias, track_spelling, rejected_line, poll, import cascade");
    }

    @Test
    void documentsAreImportedAndMovedByTheirOutcome() throws Exception {
        s3.put("history/a b/extended.json", S3Server.format("extended-today.json"));
        s3.put("history/listeners/Anna/account.json", S3Server.format("account-data-music.json"));
        s3.put("history/broken.json", "[{\"ts\": ".getBytes(UTF_8));
        s3.put("history/listeners/nobody.json", "[]".getBytes(UTF_8));
        s3.put("history/letter.txt", "Dear Anna".getBytes(UTF_8));
        awaitSettled("history/letter.txt");

        assertThat(S3Server.names(s3.keys("done/")))
                .containsExactly("done/a b/TIME-extended.json", "done/listeners/Anna/TIME-account.json");
        assertThat(S3Server.names(s3.keys("failed/")))
                .containsExactly(
                        "failed/TIME-broken.json",
                        "failed/TIME-broken.json.reason.txt",
                        "failed/listeners/TIME-nobody.json",
                        "failed/listeners/TIME-nobody.json.reason.txt");
        assertThat(s3.text(s3.keys("failed/").get(1))).contains("It ends too early");
        assertThat(s3.text(s3.keys("failed/").get(3))).contains("listeners/NAME/");
        assertThat(s3.bytes(s3.keys("done/").get(0))).isEqualTo(S3Server.format("extended-today.json"));
        assertThat(program.number("select count(*) from import where state = 'done'"))
                .isEqualTo(2);
        assertThat(program.rows(
                        "select name from import join listener using (listener_id) where document = ?",
                        "listeners/Anna/account.json"))
                .containsExactly(Map.of("name", "Anna"));
        try (var spooled = Files.list(program.dataDir().resolve("spool"))) {
            assertThat(spooled).isEmpty();
        }
    }

    @Test
    void anArchivedAnswerIsMovedToTheBucketOnceThatWorks() throws Exception {
        s3.answers("PUT", ".*", 503, "SlowDown");
        Path file = program.dataDir().resolve("archive/raw/recently-played/me/2026/11/25/a.json.gz");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "an answer");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !s3.proxy().getAllServeEvents().isEmpty());
        assertThat(file).exists();
        s3.allIsWell();
        await().atMost(Duration.ofMinutes(3)).until(() -> Files.notExists(file));
        assertThat(s3.text("raw/recently-played/me/2026/11/25/a.json.gz")).isEqualTo("an answer");
    }

    /** No name is evaluated as an expression, a placeholder or an endpoint. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a{1}", "a${body}", "a${exception.nothing}", "a{{DATA_DIR}}", "a?operation=deleteBucket&b=#s3"})
    void aNameIsOnlyAName(String name) throws Exception {
        Path archived = program.dataDir().resolve("archive/raw/recently-played/" + name + "/" + name + ".json.gz");
        Files.createDirectories(archived.getParent());
        Files.writeString(archived, "a response");
        s3.put("history/" + name + ".zip", InboxDriver.zip(Map.of(name + ".json", Lines.array(0, 2))));
        s3.put("history/listeners/" + name + "/" + name + ".json", "[{".getBytes(UTF_8));
        awaitSettled();
        assertThat(S3Server.names(s3.keys("done/"))).containsExactly("done/TIME-" + name + ".zip");
        // The S3 server may list an object late that it has while others are moved.
        await().untilAsserted(() -> assertThat(S3Server.names(s3.keys("failed/")))
                .containsExactly(
                        "failed/listeners/" + name + "/TIME-" + name + ".json",
                        "failed/listeners/" + name + "/TIME-" + name + ".json.reason.txt"));
        assertThat(program.number("select count(*) from play")).isEqualTo(2);
        await().atMost(Duration.ofMinutes(3)).until(() -> Files.notExists(archived));
        assertThat(s3.text("raw/recently-played/" + name + "/" + name + ".json.gz"))
                .isEqualTo("a response");
    }

    @Test
    void moreThanAPageOfObjectsIsListed() {
        for (int i = 0; i < 1_001; i++) {
            s3.put("raw/" + i, new byte[0]);
        }
        Exchange listed = program.context()
                .createProducerTemplate()
                .send("direct:list-objects", exchange -> exchange.setVariable("prefix", "raw/"));
        assertThat((List<?>) listed.getVariable("objects")).hasSize(1_001).doesNotHaveDuplicates();
    }

    @Test
    void oneThatIsDeniedOrVanishedHoldsNoOtherUp() throws Exception {
        s3.answers("GET", ".*/history/denied.*", 403, "AccessDenied");
        s3.answers("GET", ".*/history/gone.*", 404, "NoSuchKey");
        s3.put("history/denied.json", S3Server.format("account-data-music.json"));
        s3.put("history/gone.json", S3Server.format("account-data-music.json"));
        s3.put("history/last.json", S3Server.format("extended-today.json"));
        awaitSettled("history/denied.json", "history/gone.json");
        assertThat(program.number("select count(*) from import")).isEqualTo(1);
        s3.allIsWell();
        awaitSettled();
        assertThat(program.number("select count(*) from import where state = 'done'"))
                .isEqualTo(3);
        assertThat(S3Server.names(s3.keys("done/"))).hasSize(3);
    }

    @Test
    void aSlowServerAndAFailingOneAreWaitedFor() throws Exception {
        s3.answers("GET", ".*prefix=history.*", 500, "InternalError");
        s3.put("history/a.json", S3Server.format("extended-today.json"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> s3.proxy().getAllServeEvents().size() > 4);
        s3.allIsWell();
        s3.proxy()
                .stubFor(get(urlPathMatching(".*/history/a.json"))
                        .atPriority(1)
                        .willReturn(aResponse().proxiedFrom(s3.url()).withFixedDelay(3_000)));
        awaitSettled();
        assertThat(program.number("select count(*) from import where state = 'done'"))
                .isEqualTo(1);
    }

    @Test
    void oneThatCannotBeMovedIsKeptAndNothingIsCountedTwice() throws Exception {
        s3.answers("PUT", ".*/(done|failed)/.*", 403, "AccessDenied");
        s3.put("history/listeners/nobody.json", "[]".getBytes(UTF_8));
        s3.put("history/a.json", S3Server.format("extended-today.json"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> program.number("select count(*) from import where state = 'done'") >= 1);
        long plays = program.number("select count(*) from play");
        s3.allIsWell();
        awaitSettled();
        assertThat(program.number("select count(*) from play")).isEqualTo(plays).isPositive();
        assertThat(program.number("select sum(inserted) from import")).isEqualTo(plays);
    }

    @Test
    void backupsAreCopiedAndTheLastOnesKept() throws Exception {
        s3.put("backup/mine.zip", new byte[1]);
        for (int i = 0; i < 3; i++) {
            program.context().createProducerTemplate().sendBody("direct:make-backup", null);
        }
        List<String> kept = s3.keys("backup/");
        assertThat(kept).hasSize(3).contains("backup/mine.zip");
        assertThat(s3.bytes(kept.get(1)))
                .isEqualTo(Files.readAllBytes(program.dataDir().resolve(kept.get(1))));
    }

    private static void awaitSettled(String... left) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(s3.keys("history/")).containsExactlyInAnyOrder(left));
    }
}
