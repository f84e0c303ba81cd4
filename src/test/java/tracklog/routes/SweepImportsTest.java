package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SweepImportsTest extends RouteTest {

    SweepImportsTest() {
        super("sweep-imports");
    }

    @Test
    void marksInterruptedImports() {
        send("sweep-imports");
        assertThat(calls()).containsExactly("sql:sweep-imports");
    }

    @Test
    void logsAFailureAndWaitsForTheNextFiring() {
        fail("sql:sweep-imports", new SQLException("no connection"));
        assertThat(send("sweep-imports").getException()).isNull();
        assertThat(calls())
                .containsExactly("sql:sweep-imports", "WARN Interrupted imports could not be marked: no connection");
    }
}
