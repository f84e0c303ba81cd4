package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class CountMonthsTest extends RouteTest {

    CountMonthsTest() {
        super("count-months");
    }

    @Test
    void countsTheMonthsThatChanged() {
        send("count-months");
        assertThat(calls()).containsExactly("sql:count-months");
    }

    @Test
    void leavesAFailureToTheNextFiring() {
        fail("sql:count-months", new SQLException("no connection"));
        assertThat(send("count-months").getException()).isNull();
        assertThat(calls()).containsExactly("sql:count-months");
    }
}
