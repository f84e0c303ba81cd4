package tracklog.web;

import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextRoutesStartingEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/** Puts the {@link Guard} before all routes of the page's port, once the server runs and before the first route. */
final class GuardInstaller extends SimpleEventNotifierSupport {

    private final int port;
    private final Guard guard;

    GuardInstaller(int port, Guard guard) {
        this.port = port;
        this.guard = guard;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelContextRoutesStartingEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        CamelContext context = ((CamelContextRoutesStartingEvent) event).getContext();
        var router = VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        if (router != null) {
            router.route().order(-1).handler(guard);
        } else if (!context.resolvePropertyPlaceholders("{{camel.server.enabled}}")
                .equals("false")) {
            throw new IllegalStateException("The server of the page did not start");
        }
    }
}
