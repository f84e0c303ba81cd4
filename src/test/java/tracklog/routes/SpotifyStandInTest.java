package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

class SpotifyStandInTest extends RouteTest {

    private static final Map<String, Object> JSON = Map.of("Content-Type", "application/json");

    SpotifyStandInTest() {
        super("demo/spotify-stand-in");
    }

    private Message request(String route) {
        Exchange response = send(route, exchange -> {
            exchange.getMessage().setHeader("redirect_uri", "http://127.0.0.1/callback");
            exchange.getMessage().setHeader("state", "secret");
        });
        return response.getMessage();
    }

    @Test
    void respondsWithTheRecentlyPlayedItems() {
        answer("bean:standIn.recentlyPlayed", Map.of("items", 1));
        Message response = request("spotify-stand-in");
        assertThat(calls()).containsExactly("bean:standIn.recentlyPlayed");
        assertThat(response.getBody(String.class)).isEqualTo("{\"items\":1}");
        assertThat(response.getHeaders()).isEqualTo(JSON);
    }

    @Test
    void agreesAtOnce() {
        Message response = request("stand-in-authorize");
        assertThat(response.getHeaders())
                .isEqualTo(Map.of(
                        "Location",
                        "http://127.0.0.1/callback?code=demo&state=secret",
                        Exchange.HTTP_RESPONSE_CODE,
                        "302"));
        assertThat(response.getBody()).isEqualTo("");
    }

    @Test
    void respondsWithTokens() {
        Message response = request("stand-in-token");
        assertThat(response.getBody(String.class))
                .contains("\"access_token\": \"demo\"", "\"refresh_token\": \"demo\"");
        assertThat(response.getHeaders()).isEqualTo(JSON);
    }

    @Test
    void respondsWithTheProfile() {
        Message response = request("stand-in-me");
        assertThat(response.getBody(String.class)).contains("\"id\": \"made-up-listener\"");
        assertThat(response.getHeaders()).isEqualTo(JSON);
    }
}
