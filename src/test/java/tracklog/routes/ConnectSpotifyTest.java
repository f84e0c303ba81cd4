package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectSpotifyTest extends RouteTest {

    ConnectSpotifyTest() {
        super("connect-spotify");
    }

    @Test
    void sendsTheBrowserToSpotify() {
        send("connect-spotify");
        assertThat(calls()).containsExactly("bean:connect.begin");
    }

    @Test
    void connectsTheAccountThatGaveItsPermission() {
        answer("bean:connect.finish", exchange -> exchange.setVariable("form", "code=1"));
        send("connect-spotify-callback");
        assertThat(calls()).containsExactly("bean:connect.finish", "direct:connect-new-account");
    }

    @Test
    void connectsNothingWithoutAPermission() {
        send("connect-spotify-callback");
        assertThat(calls()).containsExactly("bean:connect.finish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean:connect.finish", "direct:connect-new-account"})
    void showsAndRecordsAFailure(String call) {
        answer("bean:connect.finish", exchange -> exchange.setVariable("form", "code=1"));
        fail(call, SpotifyFailures.of("forbidden"));
        assertThat(send("connect-spotify-callback").getException()).isNull();
        assertThat(calls()).endsWith(call, "bean:connect.failed", "sql:end-poll");
        assertThat(at("bean:connect.failed").getVariable("error")).isEqualTo("Spotify says 403");
        assertThat(at("sql:end-poll").getVariable("outcome")).isEqualTo("refused");
    }

    @Test
    void recordsTheCallsOfAConnectionAndPollsIt() throws InterruptedException {
        answer("sql:claim-callback", 5);
        MockEndpoint tapped = getMockEndpoint("mock:direct:poll-new-connection");
        tapped.expectedMessageCount(1);
        send("connect-new-account", exchange -> exchange.setVariable("form", "code=1"));
        tapped.assertIsSatisfied();
        assertThat(calls())
                .containsExactly(
                        "sql:claim-callback",
                        "direct:connect-account",
                        "sql:end-poll",
                        "bean:connect.done",
                        "direct:poll-new-connection");
        Exchange connecting = at("direct:connect-account");
        assertThat(connecting.getMessage().getBody()).isEqualTo("code=1");
        assertThat(connecting.getVariable("form")).isNull();
        assertThat(connecting.getVariable("poll_id")).isEqualTo(5);
        assertThat(connecting.getVariable("authorised_by")).isEqualTo("connect");
        assertThat(at("sql:end-poll").getVariable("outcome")).isEqualTo("connected");
    }

    @Test
    void handsAFailureToConnectToTheCaller() {
        fail("direct:connect-account", SpotifyFailures.of("forbidden"));
        assertThat(send("connect-new-account").getException()).isSameAs(SpotifyFailures.of("forbidden"));
        assertThat(calls()).containsExactly("sql:claim-callback", "direct:connect-account");
    }

    @Test
    void pollsANewConnectionByItsStoredToken() {
        send("poll-new-connection");
        assertThat(calls()).containsExactly("direct:poll-listener");
        assertThat(at("direct:poll-listener").getVariable("authorised_by")).isEqualTo("stored");
        assertThat(at("direct:poll-listener").getVariable("fire_time", String.class))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }
}
