package tracklog.routes;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollListenerTest extends RouteTest {

    PollListenerTest() {
        super("poll-listener");
        set("SPOTIFY_RETRIES", "2");
    }

    private Exchange poll(String authorisedBy) {
        return send("poll-listener", exchange -> exchange.setVariable("authorised_by", authorisedBy));
    }

    @Test
    void asksWhatWasPlayedAndStoresIt() {
        answer("sql:claim-poll", 5);
        poll("stored");
        assertThat(calls()).containsExactly("sql:claim-poll", "direct:recently-played", "direct:keep-page");
        assertThat(at("direct:recently-played").getVariable("poll_id")).isEqualTo(5);
    }

    @Test
    void connectsTheAccountOfTheSettingFirst() {
        answer("sql:claim-poll", 5);
        answer("bean:refreshTokens.settingForm", "form");
        poll("setting");
        assertThat(calls())
                .containsExactly(
                        "sql:claim-poll",
                        "bean:refreshTokens.settingForm",
                        "direct:connect-account",
                        "direct:recently-played",
                        "direct:keep-page");
        assertThat(at("direct:connect-account").getMessage().getBody()).isEqualTo("form");
    }

    @Test
    void leavesAFiringThatAnotherPollHasClaimed() {
        poll("stored");
        assertThat(calls()).containsExactly("sql:claim-poll");
    }

    @ParameterizedTest
    @CsvSource({
        "server_error, 3",
        "malformed, 3",
        "unreachable, 3",
        "rate_limited, 1",
        "needs_reconnect, 1",
        "invalid_client, 1",
        "unauthorized, 1",
        "forbidden, 1",
        "refused, 1",
        "budget, 1",
        "failed, 1"
    })
    void repeatsTheFailedStepOnlyWhereThatCanHelp(String outcome, int attempts) {
        answer("sql:claim-poll", 5);
        fail("direct:recently-played", SpotifyFailures.of(outcome));
        assertThat(poll("stored").getException()).isNull();
        assertThat(calls())
                .startsWith("sql:claim-poll")
                .containsSubsequence(nCopies(attempts, "direct:recently-played"))
                .endsWith("direct:fail-poll")
                .hasSize(attempts + 2);
        assertThat(at("direct:fail-poll").getProperty(Exchange.EXCEPTION_CAUGHT))
                .isSameAs(SpotifyFailures.of(outcome));
    }

    @Test
    void leavesAFailureOfTheDatabaseToFailPoll() {
        fail("sql:claim-poll", new SQLException("no connection"));
        assertThat(poll("stored").getException()).isNull();
        assertThat(calls()).containsExactly("sql:claim-poll", "direct:fail-poll");
    }
}
