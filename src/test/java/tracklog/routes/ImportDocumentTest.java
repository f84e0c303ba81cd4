package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.NoHistoryException;
import tracklog.intake.DroppedFile;
import tracklog.merge.Staging.ReadDocument;

class ImportDocumentTest extends RouteTest {

    private static final Document DOCUMENT = new Document("a.json", null, null, 2, InputStream::nullInputStream);

    private DroppedFile drop;

    ImportDocumentTest() {
        super("import-document");
        answer("sql:begin-import", Map.of("import_id", 7, "listener_id", 1));
    }

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        drop = DroppedFile.open(Files.writeString(folder.resolve("a.json"), "{}"), "a.json");
    }

    private Exchange send() {
        return send("import-document", exchange -> {
            exchange.setVariable("drop", drop);
            exchange.getMessage().setBody(DOCUMENT);
        });
    }

    @Test
    void storesTheDocumentAndCountsIt() {
        answer("direct:store-document", exchange -> {
            exchange.setVariable("read", new ReadDocument(6, "extended", "export", ""));
            exchange.setVariable("plays", Map.of("inserted", 3, "duplicates", 2));
            exchange.setVariable("rejected", 1);
        });
        send();
        assertThat(calls()).hasSize(3).startsWith("sql:begin-import", "direct:store-document");
        assertThat(calls().get(2)).startsWith("INFO ").contains("a.json", "extended", "6", "3", "2", "1");
        assertThat(at("direct:store-document").getVariable("document")).isEqualTo(DOCUMENT);
        assertThat(at("direct:store-document").getVariable("import_id")).isEqualTo(7);
        assertThat(at("direct:store-document").getVariable("listener_id")).isEqualTo(1);
        assertThat(drop.importedCount()).isEqualTo(1);
    }

    @Test
    void endsTheImportOfABrokenDocumentAsFailed() {
        fail("direct:store-document", new BrokenDocumentException("it is not JSON"));
        assertThat(send().getException()).isNull();
        assertThat(calls()).containsExactly("sql:begin-import", "direct:store-document", "sql:end-import");
        assertThat(at("sql:end-import").getVariable("state")).isEqualTo("failed");
        assertThat(at("sql:end-import").getVariable("reason")).isEqualTo("it is not JSON");
        assertThat(drop.failures()).containsExactly("it is not JSON");
        assertThat(drop.importedCount()).isZero();
    }

    @Test
    void leavesADocumentWithoutHistoryAlone() {
        fail("direct:store-document", new NoHistoryException("it is a playlist"));
        assertThat(send().getException()).isNull();
        assertThat(calls())
                .hasSize(4)
                .startsWith("sql:begin-import", "direct:store-document")
                .endsWith("sql:end-import");
        assertThat(calls().get(2)).startsWith("INFO a.json").endsWith("it is a playlist");
        assertThat(at("sql:end-import").getVariable("state")).isEqualTo("no_history");
        assertThat(drop.failures()).isEmpty();
        assertThat(drop.importedCount()).isZero();
    }

    @Test
    void handsAnyOtherFailureToTheCaller() {
        fail("direct:store-document", new SQLException("no connection"));
        assertThat(send().getException()).hasMessage("no connection");
        assertThat(calls()).containsExactly("sql:begin-import", "direct:store-document");
        assertThat(drop.failures()).isEmpty();
    }
}
