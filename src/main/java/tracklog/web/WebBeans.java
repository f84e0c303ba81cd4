package tracklog.web;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.Settings;

/** Binds the beans of the page that need a setting; those that need none stand in YAML beside their routes. */
public final class WebBeans {

    private static final Logger LOG = LoggerFactory.getLogger(WebBeans.class);

    private WebBeans() {}

    /** @param openPaths beginnings of paths that need no session, besides those of the page itself */
    public static void bind(Main main, Settings settings, Set<String> openPaths) {
        Sessions sessions = new Sessions(settings.secret("DASHBOARD_PASSWORD"));
        Pages pages = new Pages();
        main.bind("pages", pages);
        main.bind("sessions", sessions);
        main.bind("status", new Status(settings));
        main.bind("vertxOptions", vertxOptions());
        main.bind("guard", new GuardInstaller(settings.number("HTTP_PORT"), new Guard(sessions, pages, openPaths)));
        if (!sessions.passwordRequired()
                && !Set.of("127.0.0.1", "localhost", "::1").contains(settings.get("HTTP_HOST"))) {
            LOG.warn("The page is open to other machines (HTTP_HOST) without a password; set DASHBOARD_PASSWORD");
        }
    }

    private static VertxOptions vertxOptions() {
        return new VertxOptions()
                // Otherwise Vert.x copies classpath files into a folder that a killed process leaves behind.
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false))
                // An upload occupies its worker thread until it is complete. By default Vert.x warns after a minute.
                .setMaxWorkerExecuteTimeUnit(TimeUnit.DAYS)
                .setMaxWorkerExecuteTime(7);
    }
}
