package tracklog.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.TransactedPolicy;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Runs the routes of a file without the program around them: no database, no network, no bean, no timer.
 *
 * <p>{@link #send} starts a route, whatever its {@code from} is. Each endpoint and each bean that the route calls is
 * replaced: the call is recorded, and the message passes unchanged unless the test says with {@link #answer} what comes
 * back or with {@link #fail} what is thrown. {@link #calls} lists the calls in order, without their parameters:
 * {@code direct:make-backup}, {@code sql:measures} (a file of sql/), {@code bean:backups.write}, {@code
 * aws2-s3:copyObject} (an operation). A line that the route logs is listed as well: {@code WARN the message}.
 *
 * <pre>
 * class SweepImportsTest extends RouteTest {
 *
 *     SweepImportsTest() {
 *         super("sweep-imports");
 *     }
 *
 *     &#64;Test
 *     void logsAFailure() {
 *         fail("sql:sweep-imports", new SQLException("no connection"));
 *         send("sweep-imports");
 *         assertThat(calls()).containsExactly("sql:sweep-imports", "WARN …: no connection");
 *     }
 * }
 * </pre>
 *
 * <p>A bean in an expression ({@code method:}, <code>${bean:…}</code>) is recorded like any other. The body of its
 * answer is the value. Settings are those of application.properties, and those that {@link #set} changes.
 */
abstract class RouteTest extends CamelMainTestSupport {

    static {
        RouteCoverage.record();
    }

    private final List<Path> files = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Object> beans = new HashMap<>();
    private final Recorder recorder = new Recorder();

    /** Takes the names of route files, without their ending; {@code *} stands for all of a folder. */
    protected RouteTest(String... files) {
        PathMatcher named =
                FileSystems.getDefault().getPathMatcher("glob:routes/{" + String.join(",", files) + "}.camel.yaml");
        try (Stream<Path> found = Files.walk(Path.of("routes"))) {
            found.filter(named::matches).forEach(this.files::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        camelContextConfiguration().withMockEndpointsAndSkip("^(?!direct:(//)?start-).*");
        set("S3_BUCKET", "bucket");
        set("S3_REGION", "eu-north-1");
        set("BACKUP_CRON", "0 30 3 * * ?");
        set("SPOTIFY_RETRY_DELAY", "1");
        set("camel.server.enabled", "false");
        set("camel.management.enabled", "false");
        set("camel.metrics.enabled", "false");
        set(
                "camel.main.routes-include-pattern",
                this.files.stream().map(file -> "file:" + file).collect(Collectors.joining(",")));
        bean("dataSource", unused(DataSource.class));
        bean("s3", unused(S3Client.class));
        bean("spotifyJson", new ObjectMapper());
        bean("exchangeDeadline", unused(HttpClientConfigurer.class));
        bean("documentLocks", new Object());
        bean("bucketPause", unused(RoutePolicy.class));
        bean("transaction", new NoTransaction());
    }

    /** Sets a setting of the program; to be called in the constructor. */
    protected final void set(String name, String value) {
        settings.put(name, value);
    }

    /** Binds a bean that configures an endpoint ({@code "#name"}); to be called in the constructor. */
    protected final void bean(String name, Object bean) {
        beans.put(name, bean);
    }

    /** The message that a call returns has this body. */
    protected final void answer(String call, Object body) {
        answer(call, exchange -> exchange.getMessage().setBody(body));
    }

    /** A call does this. */
    protected final void answer(String call, Processor response) {
        recorder.responses.put(call, response);
    }

    /** A call throws this. */
    protected final void fail(String call, Exception exception) {
        answer(call, exchange -> {
            throw exception;
        });
    }

    /** Sends an empty exchange through a route. */
    protected final Exchange send(String routeId) {
        return send(routeId, exchange -> {});
    }

    /** Sends an exchange through a route, prepared by the test: its body, headers and variables. */
    protected final Exchange send(String routeId, Processor request) {
        return template.send("direct:start-" + routeId, request);
    }

    /** The calls that were made and the lines that were logged, in their order. */
    protected final List<String> calls() {
        return recorder.calls;
    }

    /** The exchange as the last such call received it. */
    protected final Exchange at(String call) {
        if (!recorder.reached.containsKey(call)) {
            throw new AssertionError(call + " was not called, but " + recorder.calls);
        }
        return recorder.reached.get(call);
    }

    @Override
    protected final void bindToRegistry(Registry registry) throws IOException {
        for (Path path : files) {
            for (JsonNode name : new YAMLMapper().readTree(path.toFile()).findValues("beanName")) {
                registry.bind(name.asText(), new Object());
            }
        }
        beans.forEach(registry::bind);
    }

    @Override
    protected final CamelContext createCamelContext() throws Exception {
        Properties properties = new Properties();
        properties.putAll(settings);
        camelContextConfiguration().withUseOverridePropertiesWithPropertiesComponent(properties);
        CamelContext context = super.createCamelContext();
        recorder.record(context);
        ((ModelCamelContext) context)
                .getRouteDefinitions()
                .forEach(route -> camelContextConfiguration()
                        .replaceRouteFromWith(route.getRouteId(), "direct:start-" + route.getRouteId()));
        return context;
    }

    /** An object that endpoints are configured with, and of which nothing is expected. */
    private static <T> T unused(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> null;
                }));
    }

    private static final class NoTransaction implements TransactedPolicy {

        @Override
        public void beforeWrap(Route route, NamedNode definition) {}

        @Override
        public Processor wrap(Route route, Processor processor) {
            return processor;
        }
    }
}
