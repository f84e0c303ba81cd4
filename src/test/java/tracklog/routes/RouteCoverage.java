package tracklog.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.CamelContextTracker;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Records which processors of routes/ have run in a test JVM. {@link RouteCoverageIT} compares them with all
 * processors.
 *
 * <p>Camel's own tools do not cover these routes in 4.18.0. camel-report-maven-plugin finds routes only in Java and
 * XML. The dump of camel-test omits each doCatch of a YAML route, and it needs an MBean for each processor.
 */
public final class RouteCoverage implements InterceptStrategy {

    private static final Path FOLDER = Path.of("target/camel-route-coverage");
    private static final RouteCoverage INSTANCE = new RouteCoverage();

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Set<String> run = ConcurrentHashMap.newKeySet();

    private RouteCoverage() {
        new CamelContextTracker() {
            @Override
            public void contextCreated(CamelContext context) {
                context.getCamelContextExtension().addInterceptStrategy(RouteCoverage.this);
            }
        }.open();
    }

    /** Records, from now on, in each Camel context of this JVM. */
    public static RouteCoverage record() {
        return INSTANCE;
    }

    /** The processors of all routes that were loaded in this JVM: file, line and kind. */
    Set<String> known() {
        return known;
    }

    /** The processors that have run in any JVM. */
    static Set<String> ran() throws IOException {
        Set<String> lines = new TreeSet<>();
        if (Files.isDirectory(FOLDER)) {
            try (Stream<Path> files = Files.list(FOLDER)) {
                for (Path file : files.toList()) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        String location = node.getLocation();
        if (location == null || !location.contains("routes/")) {
            return target;
        }
        String name = location.replaceFirst(".*routes/", "") + ":" + node.getLineNumber() + " " + node.getShortName();
        known.add(name);
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (run.add(name)) {
                    write(name);
                }
                return super.process(exchange, callback);
            }
        };
    }

    private static void write(String name) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(
                    FOLDER.resolve(ProcessHandle.current().pid() + ".txt"),
                    name + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
