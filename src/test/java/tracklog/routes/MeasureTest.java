package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MeasureTest extends RouteTest {

    MeasureTest() {
        super("measure");
    }

    @Test
    void publishesWhatTheDatabaseSays() {
        answer("sql:measures", "figures");
        send("measure");
        assertThat(calls()).containsExactly("sql:measures", "bean:measures.publish");
        assertThat(at("bean:measures.publish").getMessage().getBody()).isEqualTo("figures");
    }

    @Test
    void notesThatTheDatabaseDoesNotAnswer() {
        fail("sql:measures", new SQLException("no connection"));
        assertThat(send("measure").getException()).isNull();
        assertThat(calls()).containsExactly("sql:measures", "bean:measures.missed");
    }
}
