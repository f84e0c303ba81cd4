package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import tracklog.merge.Staging.ReadDocument;

class StoreDocumentTest extends RouteTest {

    StoreDocumentTest() {
        super("store-document");
    }

    private static final ReadDocument SHORT = new ReadDocument(1_000, "extended_history", "export", "");

    @Test
    void analyzesTheStagedLinesOfALongDocument() {
        answer("bean:staging.copy", new ReadDocument(1_001, "extended_history", "export", ""));
        send("store-document");
        assertThat(calls())
                .containsSubsequence("bean:staging.copy", "sql:analyze-staged-lines", "sql:restore-listener");
    }

    @Test
    void stagesMergesAndBalancesTheBooks() {
        answer("bean:staging.copy", SHORT);
        assertThat(send("store-document").getVariable("read")).isEqualTo(SHORT);
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
        answer("bean:staging.copy", SHORT);
        fail("direct:merge-staged-lines", new SQLException("no connection"));
        assertThat(send("store-document").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("direct:merge-staged-lines");
    }
}
