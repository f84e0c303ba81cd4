package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectAccountTest extends RouteTest {

    private static final String ME = "https:api.spotify.com/v1/me";

    record Tokens(String bearer) {}

    ConnectAccountTest() {
        super("connect-account");
    }

    private Exchange sendTokens() {
        return send("request-account", exchange -> exchange.setVariable("tokens", new Tokens("Bearer abc")));
    }

    @Test
    void connectsTheListenerOfTheAccount() {
        answer(
                "direct:keep-connection",
                exchange -> exchange.setVariable("owner", Map.of("listener_id", 7, "name", "Anna")));
        send("connect-account", exchange -> exchange.getMessage().setBody("form"));
        assertThat(calls())
                .containsExactly(
                        "direct:request-tokens",
                        "direct:request-account",
                        "direct:keep-connection",
                        "bean:accessTokens.keep",
                        "INFO Connected to Spotify. New plays of Anna are collected from now on.");
        assertThat(at("direct:request-tokens").getMessage().getBody()).isEqualTo("form");
        assertThat(at("bean:accessTokens.keep").getVariable("listener_id")).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:request-tokens", "direct:request-account", "direct:keep-connection"})
    void connectsNothingAfterAFailure(String call) {
        fail(call, SpotifyFailures.of("forbidden"));
        assertThat(send("connect-account").getException()).isSameAs(SpotifyFailures.of("forbidden"));
        assertThat(calls()).endsWith(call);
    }

    @Test
    void asksWhoseTokensTheyAre() {
        answer("bean:spotifyResponses.account", "account");
        Exchange result = sendTokens();
        assertThat(calls())
                .containsExactly("direct:count-call", ME, "direct:read-response", "bean:spotifyResponses.account");
        assertThat(at(ME).getMessage().getHeader("Authorization")).isEqualTo("Bearer abc");
        assertThat(result.getVariable("account")).isEqualTo("account");
        assertThat(result.getMessage().getBody()).isEqualTo("");
    }

    @Test
    void asksNothingOnceTheCallsAreUsedUp() {
        fail("direct:count-call", SpotifyFailures.of("budget"));
        assertThat(sendTokens().getException()).isSameAs(SpotifyFailures.of("budget"));
        assertThat(calls()).containsExactly("direct:count-call");
    }

    @Test
    void storesTheConnectionWithTheEncryptedToken() {
        answer("sql:own-account", "owner");
        answer("bean:refreshTokens.seal", "sealed");
        send("keep-connection");
        assertThat(calls()).containsExactly("sql:own-account", "bean:refreshTokens.seal", "sql:connect-listener");
        assertThat(at("bean:refreshTokens.seal").getVariable("owner")).isEqualTo("owner");
        assertThat(at("sql:connect-listener").getVariable("sealed")).isEqualTo("sealed");
    }

    @Test
    void handsAFailureOfTheDatabaseToTheCaller() {
        fail("sql:own-account", new SQLException("no connection"));
        assertThat(send("keep-connection").getException()).hasMessage("no connection");
        assertThat(calls()).containsExactly("sql:own-account");
    }
}
