package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SumEveryMinuteTest extends RouteTest {

    SumEveryMinuteTest() {
        super("sum-every-minute");
    }

    @Test
    void sums() {
        send("sum-every-minute");
        assertThat(calls()).containsExactly("direct:sum-stale-days");
    }

    @Test
    void leavesAFailureToTheNextFiring() {
        fail("direct:sum-stale-days", new SQLException("no connection"));
        assertThat(send("sum-every-minute").getException()).isNull();
        assertThat(calls()).containsExactly("direct:sum-stale-days");
    }
}
