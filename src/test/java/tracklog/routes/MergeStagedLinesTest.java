package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergeStagedLinesTest extends RouteTest {

    MergeStagedLinesTest() {
        super("merge-staged-lines");
    }

    @Test
    void mergesTracksThenPlaysThenReconcilesThenSums() {
        answer("sql:merge-plays", Map.of("inserted", 5L, "analyze_threshold", 5L));
        answer("sql:keep-rejected-lines", Map.of("rejected", 1L));
        assertThat(send("merge-staged-lines").getVariable("rejected")).isEqualTo(Map.of("rejected", 1L));
        assertThat(calls())
                .containsExactly(
                        "sql:create-staged-tracks",
                        "sql:merge-tracks",
                        "sql:stage-tracks",
                        "sql:merge-aliases",
                        "sql:merge-spellings",
                        "sql:lock-listener",
                        "sql:lock-tracks",
                        "sql:name-tracks",
                        "sql:merge-plays",
                        "sql:keep-rejected-lines",
                        "direct:reconcile-staged-plays",
                        "direct:sum-stale-days");
    }

    @Test
    void analyzesAfterManyPlaysAndBeforeItReconciles() {
        answer("sql:merge-plays", Map.of("inserted", 6L, "analyze_threshold", 5L));
        send("merge-staged-lines");
        assertThat(calls()).endsWith("sql:analyze-merged", "direct:reconcile-staged-plays", "direct:sum-stale-days");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("sql:merge-plays", new SQLException("no connection"));
        assertThat(send("merge-staged-lines").getException()).hasMessage("no connection");
        assertThat(calls()).endsWith("sql:name-tracks", "sql:merge-plays");
    }
}
