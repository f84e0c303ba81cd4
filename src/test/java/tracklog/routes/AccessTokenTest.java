package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessTokenTest extends RouteTest {

    AccessTokenTest() {
        super("access-token");
    }

    @Test
    void usesTheCachedToken() {
        answer("bean:accessTokens.find", "cached");
        assertThat(send("access-token").getVariable("tokens")).isEqualTo("cached");
        assertThat(calls()).containsExactly("bean:accessTokens.find");
    }

    @Test
    void refreshesWithoutACachedToken() {
        send("access-token");
        assertThat(calls()).containsExactly("bean:accessTokens.find", "direct:refresh-token");
    }

    @Test
    void refreshesOnceMoreIfTheRefreshTokenIsRefused() {
        fail("direct:refresh-token", SpotifyFailures.of("needs_reconnect"));
        assertThat(send("access-token").getException()).isSameAs(SpotifyFailures.of("needs_reconnect"));
        assertThat(calls()).containsExactly("bean:accessTokens.find", "direct:refresh-token", "direct:refresh-token");
    }

    @Test
    void handsAnotherFailureToTheCaller() {
        fail("direct:refresh-token", SpotifyFailures.of("invalid_client"));
        assertThat(send("access-token").getException()).isSameAs(SpotifyFailures.of("invalid_client"));
        assertThat(calls()).containsExactly("bean:accessTokens.find", "direct:refresh-token");
    }

    @Test
    void exchangesTheStoredRefreshToken() {
        answer("sql:find-connection", "connection");
        answer("bean:refreshTokens.storedForm", "form");
        send("refresh-token");
        assertThat(calls())
                .containsExactly(
                        "sql:find-connection",
                        "bean:refreshTokens.storedForm",
                        "direct:request-tokens",
                        "bean:refreshTokens.rotated",
                        "bean:accessTokens.keep");
        assertThat(at("bean:refreshTokens.storedForm").getVariable("connection"))
                .isEqualTo("connection");
        assertThat(at("direct:request-tokens").getMessage().getBody()).isEqualTo("form");
    }

    @Test
    void storesTheRefreshTokenThatReplacesTheStoredOne() {
        answer("bean:refreshTokens.rotated", "sealed");
        send("refresh-token");
        assertThat(calls()).endsWith("bean:refreshTokens.rotated", "sql:keep-rotated-token", "bean:accessTokens.keep");
        assertThat(at("sql:keep-rotated-token").getVariable("rotated")).isEqualTo("sealed");
    }

    @Test
    void storesNoTokenThatSpotifyRefused() {
        fail("direct:request-tokens", SpotifyFailures.of("needs_reconnect"));
        assertThat(send("refresh-token").getException()).isSameAs(SpotifyFailures.of("needs_reconnect"));
        assertThat(calls()).endsWith("direct:request-tokens");
    }
}
