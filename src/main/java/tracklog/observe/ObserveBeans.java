package tracklog.observe;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.logging.Log4j2Metrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.main.Main;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.Settings;
import tracklog.store.SqlFiles;
import tracklog.store.Store;

/** Binds metrics, health checks and what JMX shows. */
public final class ObserveBeans {

    private ObserveBeans() {}

    public static void bind(Main main, Settings settings, Store store) throws IOException {
        MeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, metrics);
        // camel.metrics.binders would read an index of all binders, which slows the start.
        for (MeterBinder binder : List.of(
                new JvmMemoryMetrics(),
                new JvmGcMetrics(),
                new ProcessorMetrics(),
                new Log4j2Metrics(),
                new UptimeMetrics())) {
            binder.bindTo(metrics);
        }
        HikariDataSource pool = store.dataSource();
        // HikariCP creates the pool under this lock. Without it the pool could start without metrics.
        synchronized (pool) {
            pool.setMetricRegistry(metrics);
        }
        main.bind("measures", new Measures(metrics, Duration.ofMillis(settings.number("MEASURE_PERIOD"))));
        main.bind("clockWatch", new ClockWatch());
        main.bind("routeBeans", new RouteBeans());
        bind(main, "database", true, store.remedy(), () -> {
            try (Connection connection = store.dataSource().getConnection()) {
                return connection.isValid(2) ? null : "The connection to the database is broken.";
            }
        });
        String disk = "Does the disk that the inbox (HISTORY_INBOX) is on answer?";
        bind(main, "inbox", true, disk, new InboxHealth(settings.path("HISTORY_INBOX")));
        // The page that reconnects a listener must stay reachable, and a restart would not help: no readiness check.
        String unknown = "Whether listeners must be reconnected is not known while the database does not answer.";
        JdbcTemplate database = new JdbcTemplate(store.dataSource());
        bind(main, "connections", false, unknown, () -> {
            List<String> problems = database.queryForList(SqlFiles.read("connections-to-mend"), String.class);
            return problems.isEmpty() ? null : String.join(" ", problems);
        });
    }

    private static void bind(Main main, String id, boolean readiness, String remedy, TimedHealthCheck.Check check) {
        main.bind(id + "Health", new TimedHealthCheck(id, readiness, remedy, check));
    }
}
