package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectPlaysTest extends RouteTest {

    CollectPlaysTest() {
        super("collect-plays");
    }

    private Exchange fire(String routeId) {
        return send(routeId, exchange -> {
            exchange.getMessage().setHeader("scheduledFireTime", "12:00");
            exchange.getMessage().setHeader(Exchange.TIMER_FIRED_TIME, "12:00");
        });
    }

    private void assertPolledAt(String fireTime) {
        assertThat(calls()).endsWith("direct:poll-due-listeners");
        assertThat(at("direct:poll-due-listeners").getVariable("fire_time")).isEqualTo(fireTime);
    }

    @Test
    void pollsAtEachFiring() {
        fire("collect-plays");
        assertPolledAt("12:00");
        assertThat(calls()).hasSize(1);
    }

    @Test
    void pollsAtStart() {
        answer("bean:spotifyApp.isConfigured", true);
        fire("collect-plays-at-start");
        assertPolledAt("12:00");
        assertThat(calls()).hasSize(2);
    }

    @Test
    void saysAtStartThatNoAppIsConfigured() {
        answer("bean:spotifyApp.isConfigured", false);
        answer("bean:spotifyApp.howToConfigure", "Create an app.");
        fire("collect-plays-at-start");
        assertThat(calls())
                .containsExactly(
                        "bean:spotifyApp.isConfigured",
                        "bean:spotifyApp.howToConfigure",
                        "INFO Not collecting from Spotify yet: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set."
                                + " Create an app.",
                        "direct:poll-due-listeners");
    }

    @Test
    void pollsAgainIfAFiringWasPostponed() {
        answer("sql:any-postponed", true);
        fire("collect-postponed-plays");
        assertPolledAt("12:00");
        assertThat(calls()).startsWith("sql:sweep-polls", "sql:any-postponed").hasSize(3);
    }

    @Test
    void pollsNobodyIfNoFiringWasPostponed() {
        answer("sql:any-postponed", false);
        fire("collect-postponed-plays");
        assertThat(calls()).containsExactly("sql:sweep-polls", "sql:any-postponed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"collect-plays", "collect-plays-at-start", "collect-postponed-plays"})
    void logsAFailure(String routeId) {
        answer("sql:any-postponed", true);
        fail("direct:poll-due-listeners", new SQLException("no connection"));
        assertThat(fire(routeId).getException()).isNull();
        assertThat(calls())
                .endsWith(
                        "direct:poll-due-listeners",
                        "ERROR Nothing was collected, the next firing tries again: SQLException: no connection");
    }
}
