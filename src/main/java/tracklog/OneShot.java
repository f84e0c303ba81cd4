package tracklog;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import tracklog.intake.DroppedFile;
import tracklog.intake.IntakeBeans;
import tracklog.merge.MergeBeans;
import tracklog.store.Store;
import tracklog.store.StoreBeans;

/** Sends one exchange through a few routes: nothing is watched, polled or served. */
public final class OneShot {

    private static final String ROUTES = Stream.of(
                    "import-drop", "store-documents", "merge-*", "reconcile-*", "sum-stale-days")
            .map(id -> "file:{{ROUTES}}/" + id + ".camel.yaml")
            .collect(Collectors.joining(","));

    private OneShot() {}

    /** Imports the documents of a file into a store, and notes in it which ones are broken. */
    public static void importFile(Settings settings, Store store, DroppedFile file) throws Exception {
        send(settings, store, "direct:import-drop", exchange -> exchange.setVariable("imports", file.imports()));
    }

    /** Recomputes all pairs of every listener. Returns the exit code. */
    static int reconcile(Settings settings, Store store) throws Exception {
        send(settings, store, "direct:reconcile-everything", exchange -> {});
        return 0;
    }

    private static void send(Settings settings, Store store, String to, Processor request) throws Exception {
        Main main = newMain(settings, store);
        main.addOverrideProperty("camel.main.name", "tracklog-command");
        main.addOverrideProperty("camel.main.routes-include-pattern", ROUTES);
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

    /** Returns Camel with the settings and the beans of the routes that import and reconcile. */
    static Main newMain(Settings settings, Store store) throws IOException {
        Main main = new Main();
        // Its shutdown hook would not wait for the database to stop; the one of Tracklog does.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        settings.values().forEach(main::addOverrideProperty);
        StoreBeans.bind(main, store);
        MergeBeans.bind(main, settings, store);
        IntakeBeans.bind(main, settings, store);
        return main;
    }
}
