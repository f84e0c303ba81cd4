package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListFailedDocumentsTest extends RouteTest {

    ListFailedDocumentsTest() {
        super("list-failed-documents", "page-failures");
    }

    @Test
    void listsTheDocumentsAsAPanel() {
        answer("bean:panelParameters.accept", Map.of("limit", 10));
        answer("bean:failedDocuments.list", "documents");
        send("list-failed-documents");
        assertThat(calls())
                .containsExactly("bean:panelParameters.accept", "bean:failedDocuments.list", "bean:panels.respond");
        assertThat(at("bean:panelParameters.accept").getMessage().getHeader("panel"))
                .isEqualTo("failed-documents");
        assertThat(at("bean:failedDocuments.list").getVariable("parameters")).isEqualTo(Map.of("limit", 10));
        assertThat(at("bean:panels.respond").getMessage().getBody()).isEqualTo("documents");
    }

    @Test
    void refusesParametersThatAreNotAsDescribed() {
        answer("bean:panelParameters.accept", PageFailuresTest::refuse);
        send("list-failed-documents");
        assertThat(calls()).containsExactly("bean:panelParameters.accept", "bean:problems.refuse");
    }

    @Test
    void answersThatTheRequestFailed() {
        fail("bean:failedDocuments.list", new IOException("no access"));
        send("list-failed-documents");
        assertThat(calls()).doesNotContain("bean:panels.respond").endsWith("bean:problems.fail");
    }
}
