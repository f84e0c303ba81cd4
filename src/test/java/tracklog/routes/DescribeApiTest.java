package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescribeApiTest extends RouteTest {

    DescribeApiTest() {
        super("describe-api", "page-failures");
    }

    @Test
    void describesTheApi() {
        send("describe-api");
        assertThat(calls()).containsExactly("bean:panels.describe");
    }

    @Test
    void answersThatTheRequestFailed() {
        fail("bean:panels.describe", new IllegalStateException("no description"));
        send("describe-api");
        assertThat(calls()).endsWith("bean:problems.fail");
    }
}
