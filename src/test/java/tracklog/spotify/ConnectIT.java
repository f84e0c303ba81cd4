package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The way of a browser through {@code /connect} and {@code /callback}. */
class ConnectIT {

    @RegisterExtension
    static final Collector COLLECTOR = new Collector();

    private static final HttpClient BROWSER = HttpClient.newHttpClient();

    private final Spotify spotify = COLLECTOR.spotify();

    @BeforeEach
    void someonePlayed() {
        spotify.answers(Spotify.TOKEN, okJson(Spotify.token("access-1", "refresh-1")));
        spotify.plays(Spotify.items(2, "2026-11-22T10:00:00Z"));
    }

    @AfterEach
    void noSecretIsShown() {
        assertThat(String.join("\n", COLLECTOR.log()))
                .doesNotContain("refresh-1", "access-1", "the-code", Collector.CLIENT_SECRET);
    }

    /** What {@code /connect} sent the browser to Spotify with, and its cookie. */
    private record Asked(Map<String, String> query, String setCookie) {

        String cookie() {
            return setCookie.replaceFirst(";.*", "");
        }
    }

    private static HttpResponse<String> get(String url, String cookie) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        return BROWSER.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Asked connect() throws Exception {
        HttpResponse<String> answer = get(COLLECTOR.program().http("/connect"), null);
        assertThat(answer.statusCode()).isEqualTo(302);
        URI target = URI.create(answer.headers().firstValue("Location").orElseThrow());
        assertThat(target.toString()).startsWith(spotify.url() + "/authorize?");
        Map<String, String> query = Arrays.stream(target.getRawQuery().split("&", -1))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
        return new Asked(query, answer.headers().firstValue("Set-Cookie").orElseThrow());
    }

    private HttpResponse<String> callback(String query, String cookie) throws Exception {
        return get(COLLECTOR.program().http("/callback?" + query), cookie);
    }

    private HttpResponse<String> connectAnAccount() throws Exception {
        Asked asked = connect();
        return callback("code=the-code&state=" + asked.query().get("state"), asked.cookie());
    }

    private void awaitPlays(int count) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(COLLECTOR.program().number("select count(*) from play"))
                        .isEqualTo(count));
    }

    @Test
    void anAccountIsConnectedAndPolledAtOnce() throws Exception {
        Asked asked = connect();
        assertThat(asked.query())
                .containsEntry("client_id", "the-client-id")
                .containsEntry("scope", "user-read-recently-played")
                .containsEntry("redirect_uri", COLLECTOR.program().http("/callback"))
                .containsEntry("code_challenge_method", "S256");
        assertThat(asked.setCookie()).contains("HttpOnly", "SameSite=Lax", "Path=/callback", "Max-Age=600");

        HttpResponse<String> page =
                callback("code=the-code&state=" + asked.query().get("state"), asked.cookie());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        awaitPlays(2);

        String form = spotify.server()
                .findAll(postRequestedFor(urlPathEqualTo(Spotify.TOKEN)))
                .get(0)
                .getBodyAsString();
        String verifier = form.replaceFirst(".*code_verifier=([^&]*).*", "$1");
        assertThat(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8))))
                .isEqualTo(asked.query().get("code_challenge"));
        assertThat(COLLECTOR.ledger()).containsExactly("connected 2 0 0 0 0", "done 1 2 2 0 0");
        assertThat(COLLECTOR
                        .program()
                        .rows("select name, spotify_user_id, state, authorised_by from listener join"
                                + " spotify_connection using (listener_id)"))
                .containsExactly(Map.of(
                        "name", "me", "spotify_user_id", "anna-id", "state", "connected", "authorised_by", "connect"));
        assertThat(Collector.storedToken(COLLECTOR.program(), 1)).isEqualTo("refresh-1");
        assertThat(COLLECTOR
                        .program()
                        .number("select count(*) from spotify_connection where position('refresh-1' in"
                                + " encode(refresh_token, 'escape')) > 0"))
                .isZero();
    }

    @Test
    void anotherAccountGetsAListenerOfItsOwnAndTheFirstStays() throws Exception {
        connectAnAccount();
        awaitPlays(2);
        spotify.answers(Spotify.TOKEN, okJson(Spotify.token("access-2", "refresh-2")));
        spotify.answers(Spotify.ME, okJson("{\"id\": \"bo-id\", \"display_name\": \"me\"}"));
        connectAnAccount();
        awaitPlays(4);
        spotify.answers(Spotify.TOKEN, okJson(Spotify.token("access-3", "refresh-3")));
        connectAnAccount();

        assertThat(COLLECTOR
                        .program()
                        .rows("select name, spotify_user_id from connection join listener using"
                                + " (listener_id, name) order by listener_id"))
                .containsExactly(
                        Map.of("name", "me", "spotify_user_id", "anna-id"),
                        Map.of("name", "me (bo-id)", "spotify_user_id", "bo-id"));
        int bo = (int) COLLECTOR.program().number("select listener_id from listener where spotify_user_id = 'bo-id'");
        assertThat(List.of(
                        Collector.storedToken(COLLECTOR.program(), 1), Collector.storedToken(COLLECTOR.program(), bo)))
                .containsExactly("refresh-1", "refresh-3");
    }

    @Test
    void connectingAgainRenewsAndCollectingGoesOn() throws Exception {
        Collector.connect(COLLECTOR.program(), 1, "dead");
        COLLECTOR
                .program()
                .execute("update spotify_connection set state = 'needs_reconnect', error = 'over', warned_days = 1,"
                        + " authorised_at = now() - interval '6 months'");
        assertThat(connectAnAccount().statusCode()).isEqualTo(200);
        awaitPlays(2);

        assertThat(COLLECTOR
                        .program()
                        .rows("select state, error is null as well, authorised_at > now() - interval '1 hour' as new"
                                + " from connection"))
                .containsExactly(Map.of("state", "connected", "well", true, "new", true));
    }

    @Test
    void anAnswerToAnotherBrowserIsRefused() throws Exception {
        Asked mine = connect();
        Asked theirs = connect();
        for (HttpResponse<String> page : List.of(
                callback("code=the-code&state=" + theirs.query().get("state"), mine.cookie()),
                callback("code=the-code&state=" + mine.query().get("state"), null),
                callback("code=the-code", mine.cookie()),
                callback(
                        "code=the-code&state=" + mine.query().get("state") + "&Cookie="
                                + URLEncoder.encode(mine.cookie(), UTF_8),
                        null),
                callback("code=the-code&Location=http%3A%2F%2Fevil.example", null))) {
            assertThat(page.statusCode()).isEqualTo(400);
            assertThat(page.body()).contains("Start again");
            assertThat(page.headers().map()).doesNotContainKeys("code", "state", "location");
        }
        assertThat(spotify.calls(Spotify.TOKEN)).isZero();
        assertThat(COLLECTOR.program().rows("select 1 from spotify_connection")).isEmpty();
    }

    @Test
    void whatSpotifySaysIsShownButNeverAsMarkup() throws Exception {
        Asked asked = connect();
        HttpResponse<String> denied =
                callback("error=access_denied&state=" + asked.query().get("state"), asked.cookie());
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(denied.body()).contains("You declined");

        HttpResponse<String> odd = callback(
                "error=" + URLEncoder.encode("<script>alert(1)</script>", UTF_8) + "&state="
                        + asked.query().get("state"),
                asked.cookie());
        assertThat(odd.body()).contains("&lt;script&gt;").doesNotContain("<script>");
        assertThat(odd.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(COLLECTOR.program().rows("select 1 from spotify_connection")).isEmpty();
    }

    @Test
    void anExpiredCodeIsSaidAndChangesNothing() throws Exception {
        spotify.answers(Spotify.TOKEN, Spotify.invalid("invalid_grant", "Authorization code expired"));
        HttpResponse<String> page = connectAnAccount();

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body())
                .contains("Authorization code expired", "Start again")
                .doesNotContain("the-code");
        assertThat(COLLECTOR.ledger()).containsExactly("refused 1 0 0 0 0");
        assertThat(COLLECTOR.program().rows("select 1 from spotify_connection")).isEmpty();
        spotify.server()
                .verify(postRequestedFor(urlPathEqualTo(Spotify.TOKEN)).withRequestBody(containing("code=the-code")));
    }

    @Test
    void aDatabaseThatFailsIsSaidAndChangesNothing() throws Exception {
        COLLECTOR.program().execute("""
                create function gone() returns trigger language plpgsql as $$ begin raise 'it is gone'; end $$;
                create trigger gone before insert on spotify_connection for each row execute function gone()""");
        HttpResponse<String> page;
        try {
            page = connectAnAccount();
        } finally {
            COLLECTOR.program().execute("drop function gone cascade");
        }

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).contains("Start again").doesNotContain("the-code");
        assertThat(COLLECTOR.ledger()).containsExactly("refused 2 0 0 0 0");
        assertThat(COLLECTOR.program().rows("select 1 from spotify_connection")).isEmpty();
    }

    @Test
    void localhostIsSentToTheAddressThatSpotifyAllows() throws Exception {
        HttpResponse<String> answer = get(COLLECTOR.program().http("/connect").replace("127.0.0.1", "localhost"), null);
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location"))
                .contains(COLLECTOR.program().http("/connect"));
    }
}
