package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconcileEverythingTest extends RouteTest {

    ReconcileEverythingTest() {
        super("reconcile-everything");
    }

    private static final List<Map<String, Object>> LISTENERS =
            List.of(Map.of("listener_id", 1, "name", "anna"), Map.of("listener_id", 2, "name", "berta"));

    @Test
    void reconcilesEachListener() {
        answer("sql:all-listeners", LISTENERS);
        answer("direct:reconcile-listener", exchange -> exchange.setVariable("pairs_changed", 3));
        send("reconcile-everything");
        assertThat(calls())
                .containsExactly(
                        "sql:all-listeners",
                        "direct:reconcile-listener",
                        "INFO Reconciled the plays of anna: 3 pairs changed",
                        "direct:reconcile-listener",
                        "INFO Reconciled the plays of berta: 3 pairs changed");
        assertThat(at("direct:reconcile-listener").getVariable("listener_id")).isEqualTo(2);
    }

    @Test
    void stopsAtTheFirstFailureAndHandsItToTheCaller() {
        answer("sql:all-listeners", LISTENERS);
        fail("direct:reconcile-listener", new SQLException("no connection"));
        assertThat(send("reconcile-everything").getException()).hasRootCauseMessage("no connection");
        assertThat(calls()).containsExactly("sql:all-listeners", "direct:reconcile-listener");
    }
}
