package tracklog.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes figures of the database as gauges.
 *
 * <p>A figure that could not be read for three periods is NaN. {@code tracklog_measures_age_seconds} is the age of the
 * figures.
 */
public final class Measures {

    private static final Logger LOG = LoggerFactory.getLogger(Measures.class);

    private final MeterRegistry registry;
    private final Duration period;
    private final Map<String, MultiGauge> gauges = new HashMap<>();
    private volatile long takenAt = System.nanoTime();
    private boolean missing;

    /** @param period how often {@link #publish} is called */
    public Measures(MeterRegistry registry, Duration period) {
        this.registry = registry;
        this.period = period;
        Gauge.builder("tracklog.measures.age", this, measures -> measures.age().toMillis() / 1000.0)
                .baseUnit("seconds")
                .description("Time since the figures were last taken from the database")
                .register(registry);
    }

    /**
     * Takes rows of {@code name} of the gauge, {@code label} and {@code labelled} (null for no label), and {@code
     * value}.
     */
    public synchronized void publish(@Body List<Map<String, Object>> rows) {
        takenAt = System.nanoTime();
        Map<String, List<Row<?>>> byName = new HashMap<>();
        gauges.keySet().forEach(name -> byName.put(name, List.of()));
        rows.forEach(row -> byName.merge((String) row.get("name"), List.of(gauge(row)), Measures::joined));
        byName.forEach((name, values) -> gauges.computeIfAbsent(
                        name, n -> MultiGauge.builder(n).register(registry))
                .register(values, true));
        if (missing) {
            missing = false;
            LOG.info("The database answers again");
        }
    }

    /** Logs once that the database does not answer. */
    public synchronized void missed(@ExchangeException Exception reason) {
        if (!missing) {
            missing = true;
            LOG.warn("The database does not answer, so the metrics are not updated: {}", reason.getMessage());
        }
    }

    private Row<?> gauge(Map<String, Object> row) {
        Tags tags = row.get("label") == null
                ? Tags.empty()
                : Tags.of((String) row.get("label"), String.valueOf(row.get("labelled")));
        return Row.of(tags, (Number) row.get("value"), value -> fresh() ? value.doubleValue() : Double.NaN);
    }

    private boolean fresh() {
        return age().compareTo(period.multipliedBy(3)) < 0;
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - takenAt);
    }

    private static List<Row<?>> joined(List<Row<?>> some, List<Row<?>> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
    }
}
