package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogInTest extends RouteTest {

    private static final Map<String, String> METHODS =
            Map.of("log-in", "logIn", "log-out", "logOut", "describe-session", "describe");

    LogInTest() {
        super("log-in", "page-failures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-in", "log-out", "describe-session"})
    void handsTheRequestToTheSessions(String route) {
        send(route);
        assertThat(calls()).containsExactly("bean:sessions." + METHODS.get(route));
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-in", "log-out", "describe-session"})
    void answersWhatTheSessionsRefuse(String route) {
        answer("bean:sessions." + METHODS.get(route), PageFailuresTest::refuse);
        send(route);
        assertThat(calls()).containsExactly("bean:sessions." + METHODS.get(route), "bean:problems.refuse");
    }
}
