package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ReconcileListenerTest extends RouteTest {

    ReconcileListenerTest() {
        super("reconcile-listener");
    }

    @Test
    void locksTheListenerBeforeItPairs() {
        answer("bean:reconciliation.pair", 3);
        assertThat(send("reconcile-listener").getVariable("pairs_changed")).isEqualTo(3);
        assertThat(calls())
                .containsExactly(
                        "sql:lock-listener",
                        "sql:create-affected-plays",
                        "sql:affect-all-plays",
                        "bean:reconciliation.pair",
                        "direct:sum-stale-days");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("sql:lock-listener", new SQLException("no connection"));
        assertThat(send("reconcile-listener").getException()).hasMessage("no connection");
        assertThat(calls()).containsExactly("sql:lock-listener");
    }
}
