package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import tracklog.document.BrokenDocumentException;
import tracklog.document.DocumentImport;
import tracklog.document.NoHistoryException;

class MergeDocumentsTest extends RouteTest {

    /** Stands for the open COPY. */
    public static final class Copy {

        private String state = "open";

        public void end() {
            state = "ended";
        }

        public void close() {
            state += " and closed";
        }
    }

    private final DocumentImport good = ImportDropTest.document("good.json");
    private final DocumentImport bad = ImportDropTest.document("bad.json");
    private final Copy copy = new Copy();

    MergeDocumentsTest() {
        super("merge-documents");
        answer("sql:finish-import", Map.of("inserted", 3, "duplicates", 2, "rejected", 1));
        answer("bean:staging.open", copy);
    }

    private Exchange sendBoth(String route) {
        return send(route, exchange -> exchange.setVariable("documents", List.of(good, bad)));
    }

    @Test
    void stagesAllAndMergesOnce() {
        assertThat(sendBoth("merge-documents").getException()).isNull();
        assertThat(calls())
                .containsExactly(
                        "sql:hold-import",
                        "sql:hold-import",
                        "sql:create-staging",
                        "direct:stage-documents",
                        "sql:analyze-staged-lines",
                        "direct:merge-staged-lines",
                        "sql:finish-import",
                        "sql:finish-import");
        assertThat(good.outcome()).contains("3 new plays + 2 known + 1 rejected");
    }

    @Test
    void leavesOutABrokenDocumentAndKeepsTheOthers() {
        DocumentImport.fail(bad, new BrokenDocumentException("it is not JSON"));
        sendBoth("merge-documents");
        assertThat(calls())
                .endsWith(
                        "sql:analyze-staged-lines",
                        "sql:leave-out-document",
                        "direct:merge-staged-lines",
                        "sql:finish-import",
                        "sql:end-import");
        assertThat(at("sql:leave-out-document").getMessage().getBody()).isSameAs(bad);
        assertThat(at("sql:end-import").getMessage().getBody()).isSameAs(bad);
    }

    @Test
    void restoresTheListenerThatADocumentDescribes() {
        good.read(new DocumentImport.Content(1, "tracklog", "export", "{}"));
        sendBoth("merge-documents");
        assertThat(calls()).containsSubsequence("sql:restore-listener", "direct:merge-staged-lines");
        assertThat(at("sql:restore-listener").getMessage().getBody()).isSameAs(good);
    }

    @Test
    void finishesNoImportThatWasNotMerged() {
        fail("direct:merge-staged-lines", new SQLException("no connection"));
        assertThat(sendBoth("merge-documents").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("direct:merge-staged-lines");
    }

    @Test
    void readsEachDocumentIntoOneCopy() {
        assertThat(sendBoth("stage-documents").getException()).isNull();
        assertThat(calls()).containsExactly("bean:staging.open", "bean:staging.read", "bean:staging.read");
        assertThat(copy.state).isEqualTo("ended and closed");
    }

    @Test
    void notesWhichDocumentsAreBrokenOrHoldNoHistory() {
        answer("bean:staging.read", exchange -> {
            if (exchange.getMessage().getBody() == bad) {
                throw new BrokenDocumentException("it is not JSON");
            }
            throw new NoHistoryException("it is a playlist");
        });
        assertThat(sendBoth("stage-documents").getException()).isNull();
        assertThat(bad.state()).isEqualTo("failed");
        assertThat(good.state()).isEqualTo("no_history");
        assertThat(copy.state).isEqualTo("ended and closed");
    }

    @Test
    void closesTheCopyIfTheDatabaseFails() {
        fail("bean:staging.read", new IOException("no connection"));
        assertThat(sendBoth("stage-documents").getException()).hasRootCauseMessage("no connection");
        assertThat(copy.state).isEqualTo("open and closed");
    }
}
