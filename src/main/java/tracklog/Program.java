package tracklog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.aws.AwsBeans;
import tracklog.backup.BackupBeans;
import tracklog.demo.DemoBeans;
import tracklog.observe.Jmx;
import tracklog.observe.ObserveBeans;
import tracklog.spotify.SpotifyBeans;
import tracklog.store.Port;
import tracklog.store.Store;
import tracklog.web.WebBeans;

/** The running program: settings, then the database, then beans and routes; it stops in the opposite order. */
final class Program {

    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    private Program() {}

    /** Runs until the thread is interrupted or Camel is stopped over JMX. */
    static int run(Settings settings) throws Exception {
        try (Store store = Store.hold(settings)) {
            requireFreePorts(settings);
            Main main = open(settings, store);
            // The database, or another program during the wait for it, may have taken one of them.
            requireFreePorts(settings);
            Jmx.serve(settings);
            try {
                main.start();
                welcome(settings, store);
                main.getShutdownStrategy().await();
            } catch (InterruptedException e) {
                LOG.info("Stopping: running work is finished first");
            } finally {
                main.stop();
            }
        }
        LOG.info("Tracklog has stopped.");
        return 0;
    }

    /** Returns the program, not yet started. The routes are read while the database starts. */
    static Main open(Settings settings, Store store) throws Exception {
        // Quartz rounds the start of a timer in the default zone. In the first of two equal hours, when clocks are set
        // back, that would delay every firing by an hour.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
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
        store.client().ifPresent(client -> LOG.info("Open it read-only with  {}", client));
        LOG.info(
                "Drop exports (a ZIP as Spotify sends it, a folder, or JSON) into  {}", settings.path("HISTORY_INBOX"));
        LOG.info("The page is at  {}", page);
        LOG.info("Health is at  {}health  and metrics are at  {}metrics", observe, observe);
        if (demo(settings)) {
            LOG.info(
                    "This is the demo. Its music is generated, nothing leaves this machine, and its files are in  {}",
                    settings.path("DATA_DIR"));
        }
        LOG.info("Tracklog is ready. Ctrl-C or SIGTERM stops it.");
    }

    private static void requireFreePorts(Settings settings) throws IOException {
        for (String name : List.of("HTTP_PORT", "MANAGEMENT_PORT")) {
            Port.requireFree(settings.get("HTTP_HOST"), settings.number(name), name);
        }
    }

    /** Returns the program, not yet started, on a store that the caller closes after it. */
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
        Main main = OneShot.newMain(settings, store);
        BackupBeans.bind(main, settings, store);
        AwsBeans.bind(main, settings);
        SpotifyBeans.bind(main, settings, store);
        ObserveBeans.bind(main, settings, store);
        WebBeans.bind(main, settings, demo(settings) ? DemoBeans.OPEN_PATHS : Set.of());
        if (demo(settings)) {
            DemoBeans.bind(main, settings);
        }
        return main;
    }
}
