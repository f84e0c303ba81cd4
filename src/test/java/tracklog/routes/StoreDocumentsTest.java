package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.NestedExceptionUtils;
import tracklog.document.DocumentImport;

class StoreDocumentsTest extends RouteTest {

    private final List<String> tried = new ArrayList<>();

    StoreDocumentsTest() {
        super("store-documents");
    }

    private List<DocumentImport> documents(String... names) {
        return Stream.of(names).map(ImportDropTest::document).toList();
    }

    private Exchange send(List<DocumentImport> documents) {
        return send("store-documents", exchange -> exchange.getMessage().setBody(documents));
    }

    @Test
    void storesAllInOneTransaction() {
        send(documents("a", "b"));
        assertThat(calls()).containsExactly("direct:merge-documents");
    }

    @Test
    void triesEachHalfIfTheDatabaseRefusesDocuments() {
        fail("direct:merge-documents", new SQLException("value out of range", "22003"));
        answer("direct:store-documents", exchange -> {
            for (Object document : exchange.getMessage().getBody(List.class)) {
                tried.add(((DocumentImport) document).document().name());
            }
        });
        assertThat(send(documents("a", "b", "c")).getException()).isNull();
        assertThat(calls())
                .containsExactly("direct:merge-documents", "direct:store-documents", "direct:store-documents");
        assertThat(tried).containsExactly("a", "b", "c");
    }

    @Test
    void failsTheDocumentThatTheDatabaseRefuses() {
        fail("direct:merge-documents", new SQLException("value out of range", "22003"));
        List<DocumentImport> documents = documents("a");
        assertThat(send(documents).getException()).isNull();
        assertThat(calls()).containsExactly("direct:merge-documents", "sql:end-import");
        assertThat(documents.get(0).state()).isEqualTo("failed");
        assertThat(documents.get(0).reason()).contains("value out of range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53100", "57P01", "58030", "40001", "40P01", "55P03"})
    void handsAFaultOfTheDatabaseToTheCaller(String state) {
        fail("direct:merge-documents", new IllegalStateException(new SQLException("later", state)));
        assertThat(NestedExceptionUtils.getMostSpecificCause(
                        send(documents("a", "b")).getException()))
                .hasMessage("later");
        assertThat(calls()).containsExactly("direct:merge-documents");
    }
}
