package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.time.Instant;
import java.util.stream.IntStream;

/** Spotify as far as Tracklog sees it. */
public final class Spotify implements AutoCloseable {

    public static final String TOKEN = "/api/token";
    static final String ME = "/v1/me";
    public static final String PLAYED = "/v1/me/player/recently-played";

    private final WireMockServer server = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

    public Spotify() {
        server.start();
    }

    public String url() {
        return server.baseUrl();
    }

    /** All is well again: tokens are granted, the account is anna's, nothing was played. */
    public void reset() {
        server.resetAll();
        answers(TOKEN, okJson(token("access-1", null)));
        answers(ME, okJson("{\"id\": \"anna-id\", \"display_name\": \"Anna\"}"));
        plays();
    }

    public void answers(String path, ResponseDefinitionBuilder... answers) {
        for (int i = 0; i < answers.length; i++) {
            boolean last = i == answers.length - 1;
            server.stubFor(request(path)
                    .inScenario(path)
                    .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "answer " + i)
                    .willReturn(answers[i])
                    .willSetStateTo(last ? (i == 0 ? Scenario.STARTED : "answer " + i) : "answer " + (i + 1)));
        }
    }

    public void plays(String... items) {
        answers(PLAYED, okJson(page(items)));
    }

    /** Whoever is asked for permission gives it, and is sent back at once; or, told so, stays at Spotify's address. */
    public void consents(boolean sentBack) {
        ResponseDefinitionBuilder answer =
                aResponse().withHeader("Content-Type", "text/html").withBody("<title>Agreed</title>");
        if (sentBack) {
            answer = answer.withStatus(302)
                    .withHeader(
                            "Location", "{{request.query.redirect_uri}}?code=the-code&state={{request.query.state}}")
                    .withTransformers("response-template");
        }
        server.stubFor(get(urlPathEqualTo("/authorize")).willReturn(answer));
        server.stubFor(
                get(urlPathEqualTo("/favicon.ico")).willReturn(aResponse().withStatus(204)));
    }

    WireMockServer server() {
        return server;
    }

    private static MappingBuilder request(String path) {
        return path.equals(TOKEN) ? post(urlPathEqualTo(path)) : get(urlPathEqualTo(path));
    }

    public int calls(String path) {
        return server.findAll(
                        path.equals(TOKEN)
                                ? postRequestedFor(urlPathEqualTo(path))
                                : getRequestedFor(urlPathEqualTo(path)))
                .size();
    }

    public static String token(String accessToken, String refreshToken) {
        return "{\"access_token\": \"" + accessToken + "\", \"token_type\": \"Bearer\", \"expires_in\": 3600"
                + (refreshToken == null ? "" : ", \"refresh_token\": \"" + refreshToken + "\"") + "}";
    }

    public static String page(String... items) {
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
    public static String[] items(int count, String last) {
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

    public static ResponseDefinitionBuilder invalid(String error, String description) {
        return aResponse()
                .withStatus(400)
                .withBody("{\"error\": \"" + error + "\", \"error_description\": \"" + description + "\"}");
    }

    @Override
    public void close() {
        server.stop();
    }
}
