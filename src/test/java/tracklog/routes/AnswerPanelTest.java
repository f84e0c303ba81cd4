package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerPanelTest extends RouteTest {

    AnswerPanelTest() {
        super("answer-panel", "page-failures");
    }

    @BeforeEach
    void acceptTheParameters() {
        answer("bean:panelParameters.accept", Map.of("statement", "top"));
        answer("sql:find-range", Map.of("listeners", 1));
        answer("bean:panels.locate", Map.of("statement", "top"));
    }

    @Test
    void respondsWithTheRowsOfTheStatement() {
        answer("sql:panels/top", "rows");
        send("answer-panel");
        assertThat(calls())
                .containsExactly(
                        "bean:panelParameters.accept",
                        "direct:sum-stale-days",
                        "sql:find-range",
                        "bean:panels.locate",
                        "sql:panels/top",
                        "bean:panels.respond");
        assertThat(at("sql:find-range").getMessage().getBody()).isEqualTo(Map.of("statement", "top"));
        assertThat(at("bean:panels.locate").getVariable("range")).isEqualTo(Map.of("listeners", 1));
        assertThat(at("bean:panels.respond").getMessage().getBody()).isEqualTo("rows");
    }

    @Test
    void readsNothingThatTheClientHas() {
        answer("bean:panels.locate", exchange -> exchange.setVariable("unchanged", true));
        send("answer-panel");
        assertThat(calls())
                .containsExactly(
                        "bean:panelParameters.accept",
                        "direct:sum-stale-days",
                        "sql:find-range",
                        "bean:panels.locate",
                        "bean:panels.unchanged");
    }

    @Test
    void refusesParametersThatAreNotAsDescribed() {
        answer("bean:panelParameters.accept", PageFailuresTest::refuse);
        send("answer-panel");
        assertThat(calls()).containsExactly("bean:panelParameters.accept", "bean:problems.refuse");
    }

    @Test
    void answersThatTheRequestFailed() {
        fail("sql:panels/top", new SQLException("no connection"));
        send("answer-panel");
        assertThat(calls()).doesNotContain("bean:panels.respond").endsWith("bean:problems.fail");
    }
}
