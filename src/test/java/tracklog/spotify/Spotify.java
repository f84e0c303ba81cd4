package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import tracklog.Program;

/** Spotify as far as Tracklog sees it, and the program that calls it, its timers switched off. */
final class Spotify implements AutoCloseable {

    static final String TOKEN = "/api/token";
    static final String ME = "/v1/me";
    static final String PLAYED = "/v1/me/player/recently-played";
    static final String SECRET = "the-client-secret";

    private final WireMockServer server = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

    Spotify() {
        server.start();
    }

    String url() {
        return server.baseUrl();
    }

    /** Settings under which nothing polls but {@link #poll}. */
    Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SPOTIFY_CLIENT_ID", "the-client-id",
                "SPOTIFY_CLIENT_SECRET", SECRET,
                "SPOTIFY_ACCOUNTS_URL", url(),
                "SPOTIFY_API_URL", url(),
                "SPOTIFY_RETRY_DELAY", "10",
                "SPOTIFY_TIMEOUT", "1500",
                "COLLECT_CRON", "0 0 0 1 1 ? 2099",
                "COLLECT_AT_START", "100000000"));
        settings.putAll(more);
        return settings;
    }

    /** All is well again: tokens are granted, the account is anna's, nothing was played. */
    void reset() {
        server.resetAll();
        answers(TOKEN, okJson(token("access-1", null)));
        answers(ME, okJson("{\"id\": \"anna-id\", \"display_name\": \"Anna\"}"));
        plays();
    }

    void answers(String path, ResponseDefinitionBuilder... answers) {
        for (int i = 0; i < answers.length; i++) {
            boolean last = i == answers.length - 1;
            server.stubFor(request(path)
                    .inScenario(path)
                    .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "answer " + i)
                    .willReturn(answers[i])
                    .willSetStateTo(last ? (i == 0 ? Scenario.STARTED : "answer " + i) : "answer " + (i + 1)));
        }
    }

    void plays(String... items) {
        answers(PLAYED, okJson(page(items)));
    }

    WireMockServer server() {
        return server;
    }

    private static MappingBuilder request(String path) {
        return path.equals(TOKEN) ? post(urlPathEqualTo(path)) : get(urlPathEqualTo(path));
    }

    int calls(String path) {
        return server.findAll(
                        path.equals(TOKEN)
                                ? postRequestedFor(urlPathEqualTo(path))
                                : getRequestedFor(urlPathEqualTo(path)))
                .size();
    }

    static String token(String accessToken, String refreshToken) {
        return "{\"access_token\": \"" + accessToken + "\", \"token_type\": \"Bearer\", \"expires_in\": 3600"
                + (refreshToken == null ? "" : ", \"refresh_token\": \"" + refreshToken + "\"") + "}";
    }

    static String page(String... items) {
        return "{\"items\": [" + String.join(", ", items) + "], \"limit\": 50, \"next\": null}";
    }

    static String item(String playedAt, int track) {
        return """
                {"played_at": "%s", "context": null,
                 "track": {"uri": "spotify:track:%022d", "name": "Song %d", "duration_ms": 180000, "explicit": false,
                           "artists": [{"name": "Band"}], "album": {"name": "Album", "artists": [{"name": "Band"}]}}}
                """.formatted(playedAt, track, track);
    }

    /** As many items, a minute apart, the last at that moment; newest first, as Spotify sends them. */
    static String[] items(int count, String last) {
        return IntStream.range(0, count)
                .mapToObj(i -> item(Instant.parse(last).minusSeconds(60L * i).toString(), i))
                .toArray(String[]::new);
    }

    static ResponseDefinitionBuilder error(int status, String message) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody("{\"error\": {\"status\": " + status + ", \"message\": \"" + message + "\"}}");
    }

    static ResponseDefinitionBuilder invalid(String error, String description) {
        return aResponse()
                .withStatus(400)
                .withBody("{\"error\": \"" + error + "\", \"error_description\": \"" + description + "\"}");
    }

    /** Forgets everything that the program has stored, and every access token. */
    static void clear(Program program) throws Exception {
        program.execute(
                "truncate play, track, track_spelling, rejected_line, poll, import, spotify_connection cascade");
        program.execute("delete from listener where listener_id > 1");
        program.execute("update listener set spotify_user_id = null, name = 'me'");
        AccessTokens tokens = program.context().getRegistry().lookupByNameAndType("accessTokens", AccessTokens.class);
        for (int i = 0; i < 200; i++) {
            tokens.forget(i);
        }
    }

    /** A connection as it is after /connect. */
    static void connect(Program program, int listener, String refreshToken) throws Exception {
        try (var connection = program.store().dataSource().getConnection();
                var insert = connection.prepareStatement(
                        "insert into spotify_connection (listener_id, refresh_token, authorised_by) values (?, ?, 'connect')"
                                + " on conflict (listener_id) do update set refresh_token = excluded.refresh_token")) {
            insert.setInt(1, listener);
            insert.setBytes(2, program.store().cipher().encrypt(listener, refreshToken));
            insert.execute();
        }
    }

    /** One firing of the timer. */
    static void poll(Program program, String fireTime) {
        try (var template = program.context().createProducerTemplate()) {
            Exchange exchange =
                    template.send("direct:poll-due-listeners", firing -> firing.setVariable("fire_time", fireTime));
            assertThat(exchange.getException()).isNull();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The ledger: outcome, calls and what was stored, one line a poll. */
    static List<String> ledger(Program program) throws Exception {
        return program
                .rows("select outcome, calls, items, inserted, duplicates, rejected from poll order by poll_id")
                .stream()
                .map(row -> row.values().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
