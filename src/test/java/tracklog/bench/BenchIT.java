package tracklog.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs every part of the bench, with sizes that are too small for meaningful figures. */
class BenchIT {

    @Test
    void everyPartMeasuresAndSaysWhetherItsLimitsHold() throws Exception {
        boolean holds;
        try (Bench bench = new Bench(
                List.of("lines=300", "naive=20", "rounds=1", "requests=2", "stored=500", "megabytes=1", "idle=1"))) {
            holds = bench.run();
        }
        JsonNode report = new ObjectMapper().readTree(new File("target/bench.json"));
        assertThat(report.path("holds").asBoolean()).isEqualTo(holds);
        assertThat(report.path("rows")).hasSizeGreaterThan(3).allSatisfy(row -> {
            assertThat(row.path("figure").isNumber()).as(row.toString()).isTrue();
            double figure = row.path("figure").asDouble();
            assertThat(row.path("holds").asBoolean())
                    .as(row.toString())
                    .isEqualTo(figure <= row.path("at_most").asDouble(Double.MAX_VALUE)
                            && figure >= row.path("at_least").asDouble(-Double.MAX_VALUE));
        });
    }
}
