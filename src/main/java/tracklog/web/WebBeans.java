package tracklog.web;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.Settings;
import tracklog.store.Store;

/** Gives the routes of the dashboard their beans, and puts the {@link Guard} before all of them. */
public final class Dashboard extends SimpleEventNotifierSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);

    private final int port;
    private final Guard guard;
    private final Uploads uploads;

    private Dashboard(int port, Guard guard, Uploads uploads) {
        this.port = port;
        this.guard = guard;
        this.uploads = uploads;
    }

    /** Binds everything to a program that is not yet started. */
    public static void bind(Main main, Settings settings, Store store) throws IOException {
        Sessions sessions = new Sessions(settings.secret("DASHBOARD_PASSWORD"));
        Pages pages = new Pages();
        Uploads uploads = new Uploads(settings.path("HISTORY_INBOX"), store.dataSource());
        main.bind("pages", pages);
        main.bind("sessions", sessions);
        main.bind("panels", new Panels());
        main.bind("listeners", new Listeners());
        main.bind("status", new Status(settings));
        main.bind("problems", new Problems());
        // Else Vert.x makes a folder for copies of classpath files, and leaves it behind when killed.
        main.bind(
                "vertxOptions",
                new VertxOptions().setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
        main.bind("dashboard", new Dashboard(settings.number("HTTP_PORT"), new Guard(sessions, pages), uploads));
        if (!sessions.passwordRequired()
                && !Set.of("127.0.0.1", "localhost", "::1").contains(settings.get("HTTP_HOST"))) {
            LOG.warn("The page listens beyond this machine (HTTP_HOST) without a password; set DASHBOARD_PASSWORD");
        }
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelEvent.CamelContextRoutesStartingEvent;
    }

    /** Before the first route answers. */
    @Override
    public void notify(CamelEvent event) {
        CamelContext context = ((CamelEvent.CamelContextRoutesStartingEvent) event).getContext();
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        if (router == null
                && context.resolvePropertyPlaceholders("{{camel.server.enabled}}")
                        .equals("false")) {
            return;
        }
        if (router == null) {
            throw new IllegalStateException("The page's server did not start");
        }
        router.route().order(-2).handler(guard);
        router.route("/api/v1/uploads").method(HttpMethod.POST).order(-1).handler(uploads);
    }

    /** Says what is wrong with a request, or that something failed; the log then says what. */
    public static final class Problems {

        /** A request that cannot be answered. */
        public void refuse(Exchange exchange, @ExchangeException ProblemException problem) {
            answer(exchange, problem.status(), problem.getMessage());
            if (problem.status() == 429) {
                exchange.getMessage().setHeader("Retry-After", "60");
            }
        }

        /** A name that another listener has. */
        public void taken(Exchange exchange) {
            answer(exchange, 409, "Another listener has this name.");
        }

        /** Not the request's fault. */
        public void fail(Exchange exchange) {
            answer(exchange, 500, "It could not be answered; the log says why.");
        }

        private static void answer(Exchange exchange, int status, String detail) {
            HttpResponses.answer(exchange, status, "application/problem+json", HttpResponses.problem(status, detail));
        }
    }
}
