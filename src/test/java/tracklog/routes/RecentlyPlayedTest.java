package tracklog.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import tracklog.spotify.MalformedResponseException;

class RecentlyPlayedTest extends RouteTest {

    private static final String SPOTIFY = "https:api.spotify.com/v1/me/player/recently-played";

    private final ObjectNode response = JsonNodeFactory.instance.objectNode();

    record Tokens(String bearer) {}

    RecentlyPlayedTest() {
        super("recently-played");
    }

    private Exchange request() {
        answer(SPOTIFY, "{}");
        answer("direct:read-response", response);
        return send("request-recently-played", exchange -> exchange.setVariable("tokens", new Tokens("Bearer abc")));
    }

    @Test
    void requestsWithAnAccessToken() {
        send("recently-played");
        assertThat(calls()).containsExactly("direct:access-token", "direct:request-recently-played");
    }

    @Test
    void requestsOnceMoreWithANewTokenIfTheCachedOneIsRefused() {
        fail("direct:request-recently-played", SpotifyFailures.of("unauthorized"));
        assertThat(send("recently-played").getException()).isSameAs(SpotifyFailures.of("unauthorized"));
        assertThat(calls())
                .containsExactly(
                        "direct:access-token",
                        "direct:request-recently-played",
                        "bean:accessTokens.forget",
                        "direct:access-token",
                        "direct:request-recently-played");
    }

    @Test
    void handsAnotherFailureToTheCaller() {
        fail("direct:request-recently-played", SpotifyFailures.of("server_error"));
        assertThat(send("recently-played").getException()).isSameAs(SpotifyFailures.of("server_error"));
        assertThat(calls()).containsExactly("direct:access-token", "direct:request-recently-played");
    }

    @Test
    void returnsTheItemsAndRemembersTheResponseAsSent() {
        response.putArray("items").add("play");
        Exchange result = request();
        assertThat(calls()).containsExactly("direct:count-call", SPOTIFY, "direct:read-response");
        assertThat(at(SPOTIFY).getMessage().getHeader("Authorization")).isEqualTo("Bearer abc");
        assertThat(at(SPOTIFY).getProperty(Exchange.TO_ENDPOINT, String.class)).contains("limit=50");
        assertThat(result.getMessage().getBody()).isEqualTo(response.get("items"));
        assertThat(result.getVariable("response")).isEqualTo("{}".getBytes(UTF_8));
    }

    @Test
    void refusesAResponseWithoutAListOfItems() {
        response.put("items", 1);
        assertThat(request().getException())
                .isInstanceOf(MalformedResponseException.class)
                .hasMessage("Spotify's response holds no list of items.");
    }

    @Test
    void requestsNothingOnceTheCallsAreUsedUp() {
        fail("direct:count-call", SpotifyFailures.of("budget"));
        assertThat(request().getException()).isSameAs(SpotifyFailures.of("budget"));
        assertThat(calls()).containsExactly("direct:count-call");
    }
}
