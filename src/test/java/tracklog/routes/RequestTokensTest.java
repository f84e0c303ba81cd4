package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tracklog.spotify.PollOutcome;

class RequestTokensTest extends RouteTest {

    private static final String SPOTIFY = "https:accounts.spotify.com/api/token";

    RequestTokensTest() {
        super("request-tokens");
    }

    @Test
    void exchangesTheGrantForTokens() {
        answer("bean:spotifyApp.basic", "Basic abc");
        answer("bean:spotifyResponses.tokens", "tokens");
        Exchange result =
                send("request-tokens", exchange -> exchange.getMessage().setBody("form"));
        assertThat(calls())
                .containsExactly(
                        "direct:count-call",
                        "bean:spotifyApp.basic",
                        SPOTIFY,
                        "direct:read-response",
                        "bean:spotifyResponses.tokens");
        Message request = at(SPOTIFY).getMessage();
        assertThat(request.getBody()).isEqualTo("form");
        assertThat(request.getHeader("Authorization")).isEqualTo("Basic abc");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(result.getVariable("tokens")).isEqualTo("tokens");
        assertThat(result.getMessage().getBody()).isEqualTo("");
    }

    @ParameterizedTest
    @CsvSource({
        "budget, direct:count-call",
        "needs_reconnect, " + SPOTIFY,
        "malformed, direct:read-response",
        "malformed, bean:spotifyResponses.tokens"
    })
    void handsAFailureToTheCaller(String outcome, String call) {
        fail(call, SpotifyFailures.of(outcome));
        assertThat(PollOutcome.of(send("request-tokens").getException())).isEqualTo(outcome);
        assertThat(calls()).endsWith(call);
    }
}
