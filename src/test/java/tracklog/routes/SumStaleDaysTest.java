package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SumStaleDaysTest extends RouteTest {

    SumStaleDaysTest() {
        super("sum-stale-days");
    }

    @Test
    void sums() {
        send("sum-stale-days");
        assertThat(calls()).containsExactly("sql:sum-stale-days");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("sql:sum-stale-days", new SQLException("no connection"));
        assertThat(send("sum-stale-days").getException()).hasMessage("no connection");
    }
}
