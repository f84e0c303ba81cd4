package tracklog.observe;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;

/** Health and metrics of the running program, in good times and bad. */
class ObserveIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static TestProgram program;

    private record Health(int status, Map<String, String> checks, String body) {}

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of("MEASURE_PERIOD", "300"));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @AfterEach
    void allIsWellAgain() throws Exception {
        program.execute("delete from spotify_connection");
        program.execute("delete from poll");
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(health("").status()).as(health("").body()).isEqualTo(200));
    }

    @Test
    void withoutCredentialsAllIsUp() throws Exception {
        assertThat(health("").status()).as(health("").body()).isEqualTo(200);
        assertThat(health("").checks()).containsEntry("database", "UP").containsEntry("inbox", "UP");
        assertThat(health("/live").status()).isEqualTo(200);
        assertThat(health("/ready").status()).isEqualTo(200);
    }

    @Test
    void aDatabaseThatHangsIsNotReadyButTheProgramLivesAndNoFigureGoesStale() throws Exception {
        await().atMost(LIMIT).until(() -> metrics().get("tracklog_plays{source=\"export\"}") != null);
        signal("STOP");
        try {
            long start = System.nanoTime();
            Health ready = health("/ready");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).contains("The embedded PostgreSQL is restarted by itself");
            assertThat(health("/live").status()).isEqualTo(200);
            assertThat(health("").status()).isEqualTo(503);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(metrics()).containsEntry("tracklog_plays{source=\"export\"}", Double.NaN));
            assertThat(metrics().get("tracklog_measures_age_seconds")).isGreaterThan(0.5);
        } finally {
            signal("CONT");
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(metrics().get("tracklog_plays{source=\"export\"}"))
                        .isNotNaN());
        await().atMost(LIMIT).until(() -> health("/ready").status() == 200);
    }

    @Test
    void anInboxThatIsGoneIsNotReadyUntilItIsBack() throws Exception {
        Path aside = program.dataDir().resolve("aside");
        Files.move(program.inbox(), aside);
        try {
            Health health = health("");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.checks()).containsEntry("inbox", "DOWN").containsEntry("database", "UP");
            assertThat(health.body()).contains("HISTORY_INBOX names, does not exist. Create it.");
            assertThat(health("/ready").status()).isEqualTo(503);
            assertThat(health("/live").status()).isEqualTo(200);
        } finally {
            Files.move(aside, program.inbox());
        }
    }

    @Test
    void anInboxThatIsNoFolderToMoveTheDoneToIsNotReady() throws Exception {
        Path done = Files.createFile(program.inbox().resolve(".done"));
        try {
            assertThat(health("/ready").status()).isEqualTo(503);
            assertThat(health("").body())
                    .contains("The folder .done in the inbox cannot be read and written", "the right to");
        } finally {
            Files.delete(done);
        }
    }

    @Test
    void aListenerThatMustReconnectShowsButThePageStaysReady() throws Exception {
        connection("needs_reconnect", "now() - interval '7 months'");
        Health health = health("");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.checks()).containsEntry("connections", "DOWN");
        assertThat(health.body()).contains("me must be connected to Spotify again, on Tracklog's page.");
        assertThat(health("/ready").status()).isEqualTo(200);
        assertThat(health("/live").status()).isEqualTo(200);
    }

    @Test
    void aRefusalShowsAtOnceAndTroubleOnTheWayAfterAnHour() throws Exception {
        poll("done", "2 hours");
        poll("unreachable", "1 minute");
        assertThat(health("").status()).isEqualTo(503);
        assertThat(health("").body()).contains("Nothing is collected for me (unreachable): because");
        poll("done", "59 minutes");
        poll("server_error", "30 s");
        assertThat(health("").status()).isEqualTo(200);
        poll("forbidden", "10 s");
        assertThat(health("").body()).contains("Nothing is collected for me (forbidden): because");
        assertThat(health("/ready").status()).isEqualTo(200);
        poll("done", "0 s");
        assertThat(health("").status()).isEqualTo(200);
    }

    private static void poll(String outcome, String ago) throws Exception {
        program.execute("insert into poll (listener_id, fire_time, finished_at, outcome, error)"
                + " select listener_id, clock_timestamp(), now() - interval '" + ago + "', '" + outcome
                + "', 'because' from listener");
    }

    @Test
    void aRouteThatStoppedShows() throws Exception {
        program.context().getRouteController().stopRoute("import-history");
        try {
            assertThat(health("").status()).isEqualTo(503);
            assertThat(health("").body()).contains("import-history");
        } finally {
            program.context().getRouteController().startRoute("import-history");
        }
    }

    @Test
    void figuresAreThoseOfTheDatabase() throws Exception {
        connection("connected", "now() - interval '1 month'");
        program.execute("insert into poll (listener_id, fire_time, finished_at, outcome, items, inserted)"
                + " select listener_id, now(), now() - interval '100 s', 'done', 0, 0 from listener");
        Files.copy(
                Path.of("src/test/resources/formats/extended-today.json"),
                program.inbox().resolve("figures.json"));
        await().atMost(LIMIT)
                .until(() -> program.number("select count(*) from import where state = 'done'") > 0
                        && metrics().getOrDefault("tracklog_imports{state=\"done\"}", 0.0) > 0);
        Map<String, Double> metrics = metrics();
        for (String source : List.of("export", "recently_played", "account_data")) {
            assertThat(metrics.get("tracklog_plays{source=\"" + source + "\"}"))
                    .as(source)
                    .isEqualTo((double)
                            program.number("select count(*) from play where source = cast(? as source)", source));
        }
        assertThat(metrics.get("tracklog_plays{source=\"export\"}")).isEqualTo(6);
        assertThat(metrics.get("tracklog_lines_read{source=\"export\"}")).isEqualTo(7);
        assertThat(metrics.get("tracklog_duplicate_lines{source=\"export\"}")).isZero();
        assertThat(metrics.get("tracklog_rejected_lines{source=\"export\"}")).isEqualTo(1);
        assertThat(metrics.get("tracklog_reconciled_pairs")).isZero();
        assertThat(metrics.get("tracklog_gaps_open{listener=\"me\"}")).isZero();
        assertThat(metrics.get("tracklog_polls{outcome=\"done\"}")).isEqualTo(1);
        assertThat(metrics.get("tracklog_seconds_since_last_good_poll{listener=\"me\"}"))
                .isBetween(100.0, 160.0);
        assertThat(metrics.get("tracklog_days_until_token_expires{listener=\"me\"}"))
                .isBetween(148.0, 157.0);
        assertThat(metrics.get("tracklog_measures_age_seconds")).isLessThan(10);
        assertThat(metrics.keySet())
                .as("Camel's own, by route")
                .anyMatch(name -> name.startsWith("camel_exchanges_total") && name.contains("merge-documents"))
                .anyMatch(name -> name.startsWith("camel_exchanges_failed") && name.contains("merge-documents"))
                .anyMatch(name -> name.startsWith("camel_route_policy") && name.contains("merge-documents"))
                .anyMatch(name -> name.startsWith("jvm_memory_used_bytes"))
                .anyMatch(name -> name.startsWith("hikaricp_connections_active"));
    }

    private static void connection(String state, String authorisedAt) throws Exception {
        program.execute(
                "insert into spotify_connection (listener_id, refresh_token, authorised_at, authorised_by, state)"
                        + " select listener_id, '\\x00', " + authorisedAt + ", 'connect', '" + state
                        + "' from listener");
    }

    private static Health health(String which) throws IOException, InterruptedException {
        var response = HTTP.send(
                HttpRequest.newBuilder(URI.create(program.management("/observe/health" + which)))
                        .build(),
                ofString());
        JsonNode json = new ObjectMapper().readTree(response.body());
        Map<String, String> checks = new HashMap<>();
        json.path("checks")
                .forEach(check -> checks.put(
                        check.get("name").asText(), check.get("status").asText()));
        return new Health(response.statusCode(), checks, response.body());
    }

    private static Map<String, Double> metrics() throws IOException, InterruptedException {
        var response = HTTP.send(
                HttpRequest.newBuilder(URI.create(program.management("/observe/metrics")))
                        .build(),
                ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    }

    /** Sends a signal to every process of the embedded server. */
    private static void signal(String signal) throws Exception {
        long server = Long.parseLong(Files.readAllLines(program.dataDir().resolve("postgres/postmaster.pid"))
                .get(0));
        Set<String> processes = Stream.concat(
                        Stream.of(ProcessHandle.of(server).orElseThrow()),
                        ProcessHandle.of(server).orElseThrow().children())
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.toSet());
        List<String> command = new java.util.ArrayList<>(List.of("kill", "-" + signal));
        command.addAll(processes);
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
