package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ReadStatusTest extends RouteTest {

    ReadStatusTest() {
        super("read-status", "page-failures");
    }

    @Test
    void respondsWithWhatTheDatabaseSays() {
        answer("sql:read-status", "status");
        send("read-status");
        assertThat(calls()).containsExactly("sql:read-status", "bean:status.respond");
        assertThat(at("bean:status.respond").getMessage().getBody()).isEqualTo("status");
    }

    @Test
    void answersThatTheRequestFailed() {
        fail("sql:read-status", new SQLException("no connection"));
        send("read-status");
        assertThat(calls()).doesNotContain("bean:status.respond").endsWith("bean:problems.fail");
    }
}
