package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class StorePageTest extends RouteTest {

    StorePageTest() {
        super("store-page");
    }

    private Exchange sendTwoItems(long inserted) {
        answer("bean:spotifyResponses.columns", "columns");
        if (inserted > -1) {
            answer("sql:finish-poll", Map.of("inserted", inserted));
        }
        answer("sql:gap-before-poll", List.of("gap"));
        return send(
                "store-page",
                exchange -> exchange.getMessage()
                        .setBody(JsonNodeFactory.instance
                                .arrayNode()
                                .add("first")
                                .add("second")));
    }

    @Test
    void stagesEachItemMergesAndArchivesTheResponse() {
        Exchange result = sendTwoItems(1);
        assertThat(calls())
                .containsExactly(
                        "sql:create-staging",
                        "bean:spotifyResponses.columns",
                        "sql:stage-line",
                        "bean:spotifyResponses.columns",
                        "sql:stage-line",
                        "direct:merge-staged-lines",
                        "sql:finish-poll",
                        "sql:gap-before-poll",
                        "direct:archive-responses");
        assertThat(at("bean:spotifyResponses.columns").getMessage().getBody())
                .isEqualTo(JsonNodeFactory.instance.textNode("second"));
        assertThat(at("sql:stage-line").getVariable("line")).isEqualTo("columns");
        assertThat(result.getVariable("items", Integer.class)).isEqualTo(2);
        assertThat(result.getVariable("gaps")).isEqualTo(List.of("gap"));
    }

    @Test
    void archivesNoResponseWithoutNewPlays() {
        sendTwoItems(0);
        assertThat(calls()).endsWith("sql:finish-poll", "sql:gap-before-poll");
    }

    @Test
    void stopsAtTheFirstItemThatCannotBeStaged() {
        fail("sql:stage-line", new SQLException("no connection"));
        assertThat(sendTwoItems(1).getException()).hasMessageContaining("no connection");
        assertThat(calls()).containsExactly("sql:create-staging", "bean:spotifyResponses.columns", "sql:stage-line");
    }

    @Test
    void archivesNoResponseThatCouldNotBeRecorded() {
        fail("sql:finish-poll", new SQLException("no connection"));
        assertThat(sendTwoItems(-1).getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("direct:merge-staged-lines", "sql:finish-poll");
    }
}
