package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Runs after all other tests: each processor of each route has run in one of them, or is listed here with a reason. */
class RouteCoverageIT extends RouteTest {

    /** What no test runs, by file, line and kind, and why. */
    private static final Map<String, String> NEVER_RUN = Map.of();

    RouteCoverageIT() {
        super("*", "demo/*");
    }

    @Test
    void eachProcessorOfEachRouteHasRun() throws IOException {
        Set<String> known = RouteCoverage.record().known();
        Set<String> missing = new TreeSet<>(known);
        missing.removeAll(RouteCoverage.ran());
        System.out.printf(
                "Route coverage: %d of %d processors have run%n", known.size() - missing.size(), known.size());
        assumeTrue(System.getProperty("test") == null && System.getProperty("it.test") == null, "all tests have run");
        assertThat(missing).isEqualTo(NEVER_RUN.keySet());
        assertThat(NEVER_RUN.size() * 20).isLessThanOrEqualTo(known.size());
    }
}
