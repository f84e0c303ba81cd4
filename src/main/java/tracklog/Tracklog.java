package tracklog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.main.Main;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import tracklog.history.Inbox;
import tracklog.history.InboxHealth;
import tracklog.history.Staging;
import tracklog.observe.Measures;
import tracklog.spotify.ConnectionsHealth;
import tracklog.store.DatabaseHealth;
import tracklog.store.Store;

/** Starts the program: settings, database, routes; and stops them in the opposite order. */
public final class Tracklog {

    private static final Logger LOG = LoggerFactory.getLogger(Tracklog.class);

    private Tracklog() {}

    /** Runs until SIGTERM. Exit code 1 when it cannot start, with one line that says why. */
    public static void main(String[] arguments) throws Exception {
        try {
            run(new Settings(System.getenv()));
        } catch (Exception e) {
            LOG.error("Tracklog cannot start: {}", e.getMessage());
            LOG.debug("because", e);
            System.exit(1);
        }
    }

    private static void run(Settings settings) throws Exception {
        try (Store store = Store.open(settings)) {
            LOG.info("The database is at {}", store.location());
            main(settings, store).run();
        }
    }

    /** The program with its routes, not yet started, on a store that the caller closes after it. */
    static Main main(Settings settings, Store store) throws Exception {
        Path routes = settings.path("ROUTES");
        try (Stream<Path> files = Files.list(routes)) {
            if (files.noneMatch(file -> file.toString().endsWith(".camel.yaml"))) {
                throw new IllegalArgumentException("There are no routes in " + routes + " (ROUTES).");
            }
        }
        Main main = new Main();
        settings.values().forEach(main::addOverrideProperty);
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(store.dataSource());
        main.bind("dataSource", store.dataSource());
        main.bind("transactionManager", transactions);
        main.bind("transaction", new SpringTransactionPolicy(transactions));
        main.bind(
                "inbox",
                new Inbox(settings.path("HISTORY_INBOX"), Duration.ofMillis(settings.number("INBOX_PATIENCE"))));
        main.bind("staging", new Staging(store.dataSource()));
        observe(main, settings, store);
        return main;
    }

    private static void observe(Main main, Settings settings, Store store) throws IOException {
        MeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, metrics);
        store.dataSource().setMetricRegistry(metrics);
        main.bind("measures", new Measures(metrics, Duration.ofMillis(settings.number("MEASURE_PERIOD"))));
        main.bind("databaseHealth", new DatabaseHealth(store));
        main.bind("inboxHealth", new InboxHealth(settings.path("HISTORY_INBOX")));
        main.bind("connectionsHealth", new ConnectionsHealth(store.dataSource()));
    }
}
