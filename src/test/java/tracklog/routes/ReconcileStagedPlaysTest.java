package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ReconcileStagedPlaysTest extends RouteTest {

    ReconcileStagedPlaysTest() {
        super("reconcile-staged-plays");
    }

    @Test
    void pairsWhatTheStagedLinesTouch() {
        answer("bean:reconciliation.pair", 3);
        assertThat(send("reconcile-staged-plays").getVariable("pairs_changed")).isEqualTo(3);
        assertThat(calls()).containsExactly("sql:affect-staged-plays", "bean:reconciliation.pair");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("sql:affect-staged-plays", new SQLException("no connection"));
        assertThat(send("reconcile-staged-plays").getException()).hasMessage("no connection");
        assertThat(calls()).containsExactly("sql:affect-staged-plays");
    }
}
