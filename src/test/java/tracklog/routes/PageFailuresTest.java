package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import tracklog.web.PanelParameters;

/** Tests the configuration of page-failures with one of the routes that name it. */
class PageFailuresTest extends RouteTest {

    PageFailuresTest() {
        super("page-failures", "describe-api");
    }

    /** Throws what a bean throws that refuses a request. */
    static void refuse(Exchange exchange) throws Exception {
        new PanelParameters().accept("no-such-panel", null);
    }

    private Exchange send() {
        Exchange sent = send("describe-api", exchange -> exchange.getMessage().setHeader(Exchange.HTTP_URI, "/path"));
        assertThat(sent.getException()).isNull();
        return sent;
    }

    @Test
    void refusesARequestThatIsWrong() {
        answer("bean:panels.describe", PageFailuresTest::refuse);
        send();
        assertThat(calls()).containsExactly("bean:panels.describe", "bean:problems.refuse");
    }

    @Test
    void answersThatANameIsTaken() {
        fail("bean:panels.describe", new DuplicateKeyException("anna"));
        send();
        assertThat(calls()).containsExactly("bean:panels.describe", "bean:problems.taken");
    }

    @Test
    void logsAnyOtherFailureAndHidesItFromTheClient() {
        fail("bean:panels.describe", new SQLException("no connection"));
        send();
        assertThat(calls()).hasSize(3).startsWith("bean:panels.describe").endsWith("bean:problems.fail");
        assertThat(calls().get(1)).startsWith("ERROR /path failed: ").contains("SQLException: no connection");
    }
}
