package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MergeStagedLinesTest extends RouteTest {

    MergeStagedLinesTest() {
        super("merge-staged-lines");
    }

    @Test
    void mergesTracksThenPlaysThenReconcilesAndSums() {
        answer("sql:needs-statistics", false);
        send("merge-staged-lines");
        assertThat(calls())
                .containsExactly(
                        "sql:lock-listeners",
                        "sql:merge-circumstances",
                        "sql:stage-circumstances",
                        "sql:stage-spellings",
                        "sql:merge-tracks",
                        "sql:stage-tracks",
                        "sql:merge-details",
                        "sql:merge-aliases",
                        "sql:merge-spellings",
                        "sql:lock-tracks",
                        "sql:name-tracks",
                        "sql:number-account-data",
                        "sql:stage-plays",
                        "sql:mix-circumstances",
                        "sql:create-affected-plays",
                        "sql:merge-plays",
                        "sql:keep-rejected-lines",
                        "sql:count-lines",
                        "sql:needs-statistics",
                        "direct:reconcile-staged-plays",
                        "direct:sum-stale-days");
    }

    @Test
    void analyzesAfterManyPlaysAndBeforeItReconciles() {
        answer("sql:needs-statistics", true);
        send("merge-staged-lines");
        assertThat(calls()).endsWith("sql:analyze-merged", "direct:reconcile-staged-plays", "direct:sum-stale-days");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("sql:merge-plays", new SQLException("no connection"));
        assertThat(send("merge-staged-lines").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("sql:create-affected-plays", "sql:merge-plays");
    }
}
