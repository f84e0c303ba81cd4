package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import tracklog.document.Document;
import tracklog.document.DocumentImport;
import tracklog.document.NoHistoryException;

class ImportDropTest extends RouteTest {

    ImportDropTest() {
        super("import-drop");
        answer("sql:begin-import", Map.of("import_id", 7, "listener_id", 1));
    }

    private Exchange importDrop(String... names) {
        List<DocumentImport> imports =
                Stream.of(names).map(ImportDropTest::document).toList();
        return send("import-drop", exchange -> exchange.setVariable("imports", imports));
    }

    static DocumentImport document(String name) {
        return new DocumentImport(new Document(name, null, null, 2, InputStream::nullInputStream));
    }

    @Test
    void storesAllDocumentsInOneMerge() {
        answer("direct:store-documents", exchange -> {
            DocumentImport first =
                    (DocumentImport) exchange.getMessage().getBody(List.class).get(0);
            first.read(new DocumentImport.Content(6, "extended_history", "export", ""));
            DocumentImport.finish(first, Map.of("inserted", 3, "duplicates", 2, "rejected", 1));
        });
        importDrop("a.json", "b.json");
        assertThat(calls())
                .containsExactly(
                        "sql:begin-import",
                        "sql:begin-import",
                        "direct:store-documents",
                        "INFO Imported a.json (extended_history): 6 lines read = 3 new plays + 2 known + 1 rejected",
                        "INFO Imported b.json (empty): 0 lines read = null new plays + null known + null rejected");
    }

    @Test
    void givesEachDocumentTheRowThatWasInsertedForIt() {
        importDrop("a.json");
        DocumentImport document = (DocumentImport)
                at("direct:store-documents").getMessage().getBody(List.class).get(0);
        assertThat(document.importId()).isEqualTo(7);
        assertThat(document.listenerId()).isEqualTo(1);
    }

    @Test
    void saysWhatWasLeftAlone() {
        answer(
                "direct:store-documents",
                exchange -> DocumentImport.leave(
                        (DocumentImport)
                                exchange.getMessage().getBody(List.class).get(0),
                        new NoHistoryException("it is a playlist")));
        importDrop("a.json");
        assertThat(calls()).endsWith("INFO a.json was left alone: it is a playlist");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("direct:store-documents", new SQLException("no connection"));
        assertThat(importDrop("a.json", "b.json").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("direct:store-documents");
    }
}
