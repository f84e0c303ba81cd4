package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailPollTest extends RouteTest {

    private static final String NOT_NOTED = "Nor could that be noted, the next poll makes up for it: no connection";

    FailPollTest() {
        super("fail-poll");
    }

    private Exchange failWith(String outcome) {
        return send("fail-poll", exchange -> {
            exchange.setVariable("listener_id", 7);
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, SpotifyFailures.of(outcome));
        });
    }

    private Exchange send(String routeId, String authorisedBy) {
        return send(routeId, exchange -> {
            exchange.setVariable("listener_id", 7);
            exchange.setVariable("outcome", "forbidden");
            exchange.setVariable("error", "Spotify says 403");
            exchange.setVariable("authorised_by", authorisedBy);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rate_limited    |                          | Spotify says 429. Nothing is asked before 2
                    needs_reconnect | direct:need-reconnect    | Spotify says 400: invalid_grant
                    invalid_client  |                          | Spotify says 400: invalid_client. SPOTIFY_CLIENT_ID
                    unauthorized    | bean:accessTokens.forget | Spotify says 401
                    forbidden       |                          | Spotify says 403
                    refused         |                          | Spotify says 404
                    server_error    |                          | Spotify says 503
                    malformed       |                          | It lacks items.
                    unreachable     |                          | ConnectException: refused
                    budget          |                          | It is used up.
                    failed          |                          | IllegalStateException: bug
                    """)
    void recordsTheOutcomeAndActsOnIt(String outcome, String action, String error) {
        failWith(outcome);
        if (action == null) {
            assertThat(calls()).containsExactly("direct:end-poll");
        } else {
            assertThat(calls()).containsExactly(action, "direct:end-poll");
        }
        Exchange ended = at("direct:end-poll");
        assertThat(ended.getVariable("outcome")).isEqualTo(outcome);
        assertThat(ended.getVariable("error", String.class)).startsWith(error);
        assertThat(ended.getVariable("paused_until") != null).isEqualTo(outcome.equals("rate_limited"));
    }

    @Test
    void logsAFailureThatCannotBeRecorded() {
        fail("direct:need-reconnect", new SQLException("no connection"));
        assertThat(failWith("needs_reconnect").getException()).isNull();
        assertThat(calls())
                .containsExactly(
                        "direct:need-reconnect",
                        "WARN Nothing collected for listener 7 (needs_reconnect): Spotify says 400: invalid_grant. "
                                + NOT_NOTED);
    }

    @ParameterizedTest
    @CsvSource({"setting, sql:refuse-setting", "stored, sql:needs-reconnect"})
    void stopsPollingWithTheDeadToken(String authorisedBy, String statement) {
        answer("bean:spotifyApp.connectUri", "http://tracklog/connect");
        Exchange result = send("need-reconnect", authorisedBy);
        assertThat(calls()).containsExactly("bean:spotifyApp.connectUri", statement);
        assertThat(result.getVariable("error"))
                .isEqualTo("Spotify says 403. Six months are over or the permission was withdrawn;"
                        + " open http://tracklog/connect and collecting goes on.");
    }

    @Test
    void logsANewFailure() {
        answer("sql:end-poll", Map.of("name", "Anna", "again", false));
        send("end-poll", "stored");
        assertThat(calls())
                .containsExactly("sql:end-poll", "WARN Nothing collected for Anna (forbidden): Spotify says 403");
    }

    @Test
    void logsNoFailureTwiceInARow() {
        answer("sql:end-poll", Map.of("name", "Anna", "again", true));
        send("end-poll", "stored");
        assertThat(calls()).containsExactly("sql:end-poll");
    }

    @Test
    void logsNothingForARowThatIsClosedAlready() {
        send("end-poll", "stored");
        assertThat(calls()).containsExactly("sql:end-poll");
    }

    @Test
    void logsAFailureOfTheLedger() {
        fail("sql:end-poll", new SQLException("no connection"));
        assertThat(send("end-poll", "stored").getException()).isNull();
        assertThat(calls())
                .endsWith("WARN Nothing collected for listener 7 (forbidden): Spotify says 403. " + NOT_NOTED);
    }
}
