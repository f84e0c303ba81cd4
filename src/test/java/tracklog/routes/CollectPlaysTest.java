package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Date;
import java.util.TimeZone;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

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

    /** Quartz skips the hour that comes twice when clocks are set back, unless the timer is in a zone without one. */
    @Test
    @SuppressWarnings("JavaUtilDate") // Quartz has no other interface
    void pollsInTheNightWhenClocksAreSetBack() throws Exception {
        int timers = 0;
        for (JsonNode route : new YAMLMapper().readTree(new File("routes/collect-plays.camel.yaml"))) {
            JsonNode parameters = route.at("/route/from/parameters");
            if (parameters.has("cron")) {
                timers++;
                CronExpression cron = new CronExpression(
                        parameters.get("cron").asText().replace("{{COLLECT_CRON}}", "0 0/15 * * * ?"));
                cron.setTimeZone(
                        TimeZone.getTimeZone(parameters.path("trigger.timeZone").asText("Europe/Stockholm")));
                assertThat(cron.getNextValidTimeAfter(Date.from(Instant.parse("2027-10-31T00:45:00Z"))))
                        .isBeforeOrEqualTo(Instant.parse("2027-10-31T01:00:00Z"));
            }
        }
        assertThat(timers).isEqualTo(2);
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
