package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PollDueListenersTest extends RouteTest {

    PollDueListenersTest() {
        super("poll-due-listeners");
    }

    @Test
    void pollsEachListenerThatIsDue() {
        answer("bean:spotifyApp.isConfigured", true);
        answer("bean:refreshTokens.settingHash", "abc");
        answer(
                "sql:due-listeners",
                List.of(
                        Map.of("listener_id", 7, "authorised_by", "stored"),
                        Map.of("listener_id", 8, "authorised_by", "setting")));
        send("poll-due-listeners");
        assertThat(calls())
                .containsExactly(
                        "bean:spotifyApp.isConfigured",
                        "sql:sweep-polls",
                        "direct:space-polls",
                        "direct:warn-of-expiry",
                        "bean:refreshTokens.settingHash",
                        "sql:due-listeners",
                        "direct:poll-listener",
                        "direct:poll-listener");
        assertThat(at("sql:due-listeners").getVariable("setting_hash")).isEqualTo("abc");
        assertThat(at("direct:poll-listener").getVariable("listener_id")).isEqualTo(8);
        assertThat(at("direct:poll-listener").getVariable("authorised_by")).isEqualTo("setting");
    }

    @Test
    void pollsNobodyWithoutAnApp() {
        answer("bean:spotifyApp.isConfigured", false);
        send("poll-due-listeners");
        assertThat(calls()).containsExactly("bean:spotifyApp.isConfigured");
    }

    @Test
    void handsAFailureOfTheDatabaseToTheCaller() {
        answer("bean:spotifyApp.isConfigured", true);
        fail("sql:due-listeners", new SQLException("no connection"));
        assertThat(send("poll-due-listeners").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("sql:due-listeners");
    }

    @Test
    void warnsIfPollsAreSoFarApartThatPlaysCanBeMissed() {
        answer("sql:space-polls", 26);
        send("space-polls");
        assertThat(calls())
                .containsExactly(
                        "sql:space-polls",
                        "WARN SPOTIFY_DAILY_CALLS allows a poll of each listener only every 26 minutes;"
                                + " from 25 on, plays can be missed");
    }

    @Test
    void spacesPollsWithoutAWarningIfTheyAreCloseEnough() {
        answer("sql:space-polls", 25);
        send("space-polls");
        assertThat(calls()).containsExactly("sql:space-polls");
    }

    @Test
    void warnsOfEachPermissionThatExpires() {
        answer("sql:warn-of-expiry", List.of(Map.of("name", "Anna", "day", "2027-01-02", "days", 7)));
        answer("bean:spotifyApp.connectUri", "http://tracklog/connect");
        send("warn-of-expiry");
        assertThat(calls())
                .containsExactly(
                        "sql:warn-of-expiry",
                        "bean:spotifyApp.connectUri",
                        "WARN Spotify's permission for Anna expires 2027-01-02, in 7 days;"
                                + " renew it at http://tracklog/connect");
    }
}
