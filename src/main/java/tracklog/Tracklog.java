package tracklog;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.aws.Aws;
import tracklog.backup.Adoption;
import tracklog.backup.Audit;
import tracklog.backup.Export;
import tracklog.demo.Demo;
import tracklog.observe.RouteTable;
import tracklog.store.Store;

/** Turns a command into an exit code. */
public final class Tracklog {

    static {
        // Log4j reads this before the settings are checked. A wrong format must not silence it.
        System.setProperty("tracklog.log.format", "json".equals(System.getenv("LOG_FORMAT")) ? "json" : "text");
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tracklog.class);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Tracklog() {}

    /** Exits with 1 if the command fails, after one line that says why; with 2 if there is no such command. */
    public static void main(String[] arguments) {
        // On SIGTERM and Ctrl-C the main thread stops what it has started. The process ends after that.
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
                        "Tracklog did not stop within {} s and is killed; the next start recovers",
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
                return Program.run(Demo.settings(System.getenv()));
            }
            Settings settings = new Settings(System.getenv(), Aws::secret);
            return switch (command) {
                case "run" -> Program.run(settings);
                case "audit" -> attached(settings, store -> new Audit(store.dataSource()).print(System.out) ? 0 : 1);
                case "export" -> export(settings, arguments);
                case "reconcile" -> attached(settings, store -> OneShot.reconcile(settings, store));
                case "adopt" -> attached(settings, store -> adopt(settings, store));
                case "routes" -> RouteTable.print(settings, System.out);
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

    /** What a command does with the database of the running program, or with its own where none runs. */
    private interface Work {
        int with(Store store) throws Exception;
    }

    private static int attached(Settings settings, Work work) throws Exception {
        try (Store store = Store.attachOrOpen(settings)) {
            return work.with(store);
        }
    }

    private static int export(Settings settings, String... arguments) throws Exception {
        if (arguments.length != 2) {
            LOG.error("The name of the file is missing: export FILE.zip");
            return 2;
        }
        return attached(settings, store -> {
            String contents = new Export(store.dataSource()).write(Path.of(arguments[1]));
            LOG.info("Exported {} to {}", contents, arguments[1]);
            return 0;
        });
    }

    private static int adopt(Settings settings, Store store) throws Exception {
        List<String> failures = Adoption.adopt(settings, store);
        failures.forEach(failure -> LOG.error("Not adopted: {}", failure));
        return failures.isEmpty() ? 0 : 1;
    }
}
