package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class ImportDropTest extends RouteTest {

    public record Drop(List<String> documents) {}

    ImportDropTest() {
        super("import-drop");
    }

    private Exchange importDrop(String... documents) {
        return send("import-drop", exchange -> exchange.setVariable("drop", new Drop(List.of(documents))));
    }

    @Test
    void importsEachDocument() {
        importDrop("a.json", "b.json", "c.json");
        assertThat(calls())
                .containsExactly("direct:import-document", "direct:import-document", "direct:import-document");
    }

    @Test
    void handsTheDocumentOverAsTheBody() {
        assertThat(importDrop("a.json").getException()).isNull();
        assertThat(at("direct:import-document").getMessage().getBody()).isEqualTo("a.json");
    }

    @Test
    void importsNothingFromAFileWithoutDocuments() {
        importDrop();
        assertThat(calls()).isEmpty();
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("direct:import-document", new SQLException("no connection"));
        assertThat(importDrop("a.json", "b.json").getException()).hasRootCauseMessage("no connection");
    }
}
