package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StoreDocumentTest extends RouteTest {

    StoreDocumentTest() {
        super("store-document");
    }

    @Test
    void stagesMergesAndBalancesTheBooks() {
        answer("bean:staging.copy", "counts");
        assertThat(send("store-document").getVariable("read")).isEqualTo("counts");
        assertThat(calls())
                .containsExactly(
                        "sql:hold-import",
                        "sql:create-staging",
                        "bean:staging.copy",
                        "sql:restore-listener",
                        "direct:merge-staged-lines",
                        "sql:finish-import");
    }

    @Test
    void handsABrokenDocumentToTheCallerBeforeAnythingIsMerged() {
        fail("bean:staging.copy", new IOException("it ends too early"));
        assertThat(send("store-document").getException()).hasMessage("it ends too early");
        assertThat(calls()).containsExactly("sql:hold-import", "sql:create-staging", "bean:staging.copy");
    }

    @Test
    void finishesNoImportThatWasNotMerged() {
        fail("direct:merge-staged-lines", new SQLException("no connection"));
        assertThat(send("store-document").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("direct:merge-staged-lines");
    }
}
