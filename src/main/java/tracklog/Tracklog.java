package tracklog;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.apache.camel.throttling.ThrottlingExceptionRoutePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import software.amazon.awssdk.services.s3.S3Client;
import tracklog.aws.Aws;
import tracklog.aws.Bucket;
import tracklog.backup.Adoption;
import tracklog.backup.Audit;
import tracklog.backup.Backups;
import tracklog.backup.Export;
import tracklog.demo.Demo;
import tracklog.intake.DocumentLocks;
import tracklog.intake.DroppedFile;
import tracklog.intake.Inbox;
import tracklog.merge.Reconciliation;
import tracklog.merge.Staging;
import tracklog.observe.ConnectionsHealth;
import tracklog.observe.DatabaseHealth;
import tracklog.observe.InboxHealth;
import tracklog.observe.Jmx;
import tracklog.observe.Measures;
import tracklog.observe.RouteBeans;
import tracklog.observe.RouteTable;
import tracklog.observe.Timers;
import tracklog.spotify.AccessTokens;
import tracklog.spotify.Connect;
import tracklog.spotify.ExchangeDeadline;
import tracklog.spotify.Failures;
import tracklog.spotify.SpotifyApp;
import tracklog.spotify.SpotifyResponses;
import tracklog.store.Port;
import tracklog.store.Store;
import tracklog.web.Dashboard;

/** Starts the program: settings, database, routes; and stops them in the opposite order. */
public final class Tracklog {

    static {
        // Before there is a logger: an empty or misspelt format must not silence it.
        System.setProperty("tracklog.log.format", "json".equals(System.getenv("LOG_FORMAT")) ? "json" : "text");
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tracklog.class);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String IMPORTING = Stream.of(
                    "import-drop", "import-document", "store-document", "merge-staged-lines", "reconcile-staged-plays")
            .map(route -> "file:{{ROUTES}}/" + route + ".camel.yaml")
            .collect(Collectors.joining(","));

    private Tracklog() {}

    /** Exit code 1 when it cannot start, with one line that says why; 2 when there is no such command. */
    public static void main(String[] arguments) {
        // On SIGTERM and Ctrl-C the main thread stops what it has started; the process ends when it is through.
        Thread main = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            main.interrupt();
                            await(ended);
                        },
                        "stop"));
        int exitCode = execute(arguments.length == 0 ? new String[] {"run"} : arguments);
        ended.countDown();
        System.exit(exitCode);
    }

    private static void await(CountDownLatch ended) {
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.error(
                        "Tracklog did not stop within {} s and is ended; the next start recovers",
                        PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int execute(String... arguments) {
        String command = arguments[0];
        String failed = command.equals("run") ? "Tracklog cannot start" : "tracklog " + command + " failed";
        try {
            if (command.equals("demo")) {
                return run(Demo.settings(System.getenv()));
            }
            Settings settings = new Settings(System.getenv());
            return switch (command) {
                case "run" -> run(settings);
                case "audit" -> audit(settings);
                case "export" -> export(settings, arguments);
                case "reconcile" -> reconcile(settings);
                case "adopt" -> adopt(settings);
                case "routes" -> routes(settings);
                default -> {
                    LOG.error(
                            "There is no command \"{}\"; try: run, demo, audit, export, reconcile, adopt or routes",
                            command);
                    yield 2;
                }
            };
        } catch (IllegalArgumentException | IOException | SQLException e) {
            LOG.error("{}: {}", failed, e.getMessage());
            LOG.debug("because", e);
        } catch (InterruptedException e) {
            LOG.info("Tracklog was stopped before it was up.");
        } catch (Exception e) {
            LOG.error(failed, e);
        }
        return 1;
    }

    private static int audit(Settings settings) throws Exception {
        try (Store store = Store.attachOrOpen(settings)) {
            return new Audit(store.dataSource()).print(System.out) ? 0 : 1;
        }
    }

    private static int export(Settings settings, String... arguments) throws Exception {
        if (arguments.length != 2) {
            LOG.error("Say where to: export FILE.zip");
            return 2;
        }
        try (Store store = Store.attachOrOpen(settings)) {
            String contents = new Export(store.dataSource()).write(Path.of(arguments[1]));
            LOG.info("Exported {} to {}", contents, arguments[1]);
            return 0;
        }
    }

    private static int routes(Settings settings) throws Exception {
        RouteTable.print(settings, System.out);
        return 0;
    }

    private static int reconcile(Settings settings) throws Exception {
        try (Store store = Store.attachOrOpen(settings)) {
            only(
                    settings,
                    store,
                    "file:{{ROUTES}}/reconcile-*.camel.yaml",
                    "direct:reconcile-everything",
                    exchange -> {});
        }
        return 0;
    }

    private static int adopt(Settings settings) throws Exception {
        try (Store store = Store.attachOrOpen(settings)) {
            List<String> failures = Adoption.adopt(settings, store);
            failures.forEach(failure -> LOG.error("Not adopted: {}", failure));
            return failures.isEmpty() ? 0 : 1;
        }
    }

    /** Runs until the thread is interrupted, or Camel stopped over JMX. */
    private static int run(Settings settings) throws Exception {
        try (Store store = Store.hold(settings)) {
            requireFreePorts(settings);
            Main main = open(settings, store);
            // The database may have taken one of them, or somebody else while it was waited for.
            requireFreePorts(settings);
            Jmx.serve(settings);
            try {
                main.start();
                welcome(settings, store);
                main.getShutdownStrategy().await();
            } catch (InterruptedException e) {
                LOG.info("Stopping: what is under way is finished first");
            } finally {
                main.stop();
            }
        }
        LOG.info("Tracklog has stopped.");
        return 0;
    }

    /** The program with its routes and its database, not yet started: the routes are read while the database comes up. */
    static Main open(Settings settings, Store store) throws Exception {
        FutureTask<Main> reading = new FutureTask<>(() -> {
            Main main = main(settings, store);
            main.init();
            main.getCamelContext().init();
            return main;
        });
        new Thread(reading, "routes").start();
        store.start();
        try {
            return reading.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static boolean demo(Settings settings) {
        return settings.get("DEMO").equals("true");
    }

    private static void welcome(Settings settings, Store store) {
        String page = "http://" + settings.get("HTTP_HOST") + ":" + settings.get("HTTP_PORT");
        String observe = "http://" + settings.get("HTTP_HOST") + ":" + settings.get("MANAGEMENT_PORT") + "/observe/";
        LOG.info("The database is at {}", store.location());
        store.client().ifPresent(client -> LOG.info("Look at it, read-only:  {}", client));
        LOG.info(
                "DroppedFile exports (a ZIP as Spotify sends it, a folder, or JSON) into  {}",
                settings.path("HISTORY_INBOX"));
        LOG.info("The page is at  {}", page);
        LOG.info("Health is at  {}health  and metrics are at  {}metrics", observe, observe);
        if (demo(settings)) {
            LOG.info(
                    "This is the demo: the music is made up, nothing leaves this machine, and all of it is in  {}",
                    settings.path("DATA_DIR"));
        }
        LOG.info("Tracklog is ready. Ctrl-C or SIGTERM stops it.");
    }

    private static void requireFreePorts(Settings settings) throws IOException {
        for (String name : List.of("HTTP_PORT", "MANAGEMENT_PORT")) {
            Port.requireFree(settings.get("HTTP_HOST"), settings.number(name), name);
        }
    }

    /** The program with its routes, not yet started, on a store that the caller closes after it. */
    static Main main(Settings settings, Store store) throws Exception {
        Path routes = settings.path("ROUTES");
        if (!Files.isDirectory(routes)) {
            throw new IllegalArgumentException("There is no folder " + routes + " (ROUTES).");
        }
        try (Stream<Path> files = Files.list(routes)) {
            if (files.noneMatch(file -> file.toString().endsWith(".camel.yaml"))) {
                throw new IllegalArgumentException("There are no routes in " + routes + " (ROUTES).");
            }
        }
        Main main = bare(settings, store);
        main.bind("documentLocks", new DocumentLocks(store.dataSource()));
        main.bind("backups", new Backups(settings, store));
        main.bind("timers", new Timers());
        if (!settings.get("S3_BUCKET").isEmpty()) {
            S3Client s3 = Aws.s3(settings);
            main.bind("s3", s3);
            // A failing bucket is asked again after a minute, and not for each file that waits.
            main.bind("bucketPause", new ThrottlingExceptionRoutePolicy(1, 60_000, 60_000, null));
            main.bind(
                    "bucket",
                    new Bucket(
                            s3,
                            settings.get("S3_BUCKET"),
                            settings.path("DATA_DIR").resolve("spool"),
                            settings.number("BACKUP_KEEP")));
        }
        collect(main, settings, store);
        observe(main, settings, store);
        Dashboard.bind(main, settings, store);
        if (demo(settings)) {
            Demo.addTo(main, settings.timeZone());
        }
        return main;
    }

    /** With what the routes need that import and reconcile, and no more. */
    private static Main bare(Settings settings, Store store) throws IOException {
        Main main = new Main();
        // Its shutdown hook would not wait for the database to stop; ours does.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        settings.values().forEach(main::addOverrideProperty);
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(store.dataSource());
        main.bind("dataSource", store.dataSource());
        main.bind("transactionManager", transactions);
        main.bind("transaction", new SpringTransactionPolicy(transactions));
        main.bind("reconciliation", new Reconciliation(store.dataSource(), settings.number("RECONCILE_TOLERANCE")));
        main.bind(
                "inbox",
                new Inbox(settings.path("HISTORY_INBOX"), Duration.ofMillis(settings.number("INBOX_PATIENCE"))));
        main.bind("staging", new Staging(store.dataSource()));
        return main;
    }

    /** Imports the documents of a drop into a store, by the routes that import, and notes in it what is broken. */
    public static void take(Settings settings, Store store, DroppedFile drop) throws Exception {
        only(settings, store, IMPORTING, "direct:import-drop", exchange -> exchange.setVariable("drop", drop));
    }

    /** Sends one exchange through no more of Camel than these routes: nothing is watched, polled or served. */
    private static void only(Settings settings, Store store, String routes, String to, Processor request)
            throws Exception {
        Main main = bare(settings, store);
        main.addOverrideProperty("camel.main.name", "tracklog-command");
        main.addOverrideProperty("camel.main.routes-include-pattern", routes);
        main.addOverrideProperty("camel.main.jmx-enabled", "false");
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.enabled", "false");
        main.addOverrideProperty("camel.metrics.enabled", "false");
        try {
            main.start();
            Exchange exchange = main.getCamelTemplate().send(to, request);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        } finally {
            main.stop();
        }
    }

    private static void collect(Main main, Settings settings, Store store) {
        SpotifyApp app = new SpotifyApp(settings, store.cipher());
        main.bind("spotifyApp", app);
        main.bind("accessTokens", new AccessTokens());
        main.bind("spotifyResponses", new SpotifyResponses());
        main.bind("failures", new Failures());
        main.bind("connect", new Connect(app, settings.get("SPOTIFY_ACCOUNTS_URL")));
        main.bind("exchangeDeadline", new ExchangeDeadline(Duration.ofMillis(settings.number("SPOTIFY_TIMEOUT"))));
    }

    private static void observe(Main main, Settings settings, Store store) throws IOException {
        MeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, metrics);
        // By camel.metrics.binders Camel would read an index of all that there are, and with it a twentieth of the
        // start.
        for (MeterBinder binder : List.of(
                new JvmMemoryMetrics(),
                new JvmGcMetrics(),
                new ProcessorMetrics(),
                new Log4j2Metrics(),
                new UptimeMetrics())) {
            binder.bindTo(metrics);
        }
        HikariDataSource pool = store.dataSource();
        // The pool is made under this lock, and could else be made just now without them.
        synchronized (pool) {
            pool.setMetricRegistry(metrics);
        }
        main.bind("measures", new Measures(metrics, Duration.ofMillis(settings.number("MEASURE_PERIOD"))));
        main.bind("routeBeans", new RouteBeans());
        main.bind("databaseHealth", new DatabaseHealth(store));
        main.bind("inboxHealth", new InboxHealth(settings.path("HISTORY_INBOX")));
        main.bind("connectionsHealth", new ConnectionsHealth(store.dataSource()));
    }
}
