package tracklog.observe;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.component.timer.TimerEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Quartz and Java's timer go by the clock: set back, they would wait until it is again where it was. */
public final class Timers {

    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final Duration MORE_THAN_DRIFT = Duration.ofSeconds(30);

    private long ahead = ahead();

    /** How far the clock is ahead of one that nobody sets, in milliseconds. */
    private static long ahead() {
        return System.currentTimeMillis() - System.nanoTime() / 1_000_000;
    }

    /** Starts the routes of timers anew where the clock was set back since the last call. */
    public synchronized void watch(CamelContext context) throws Exception {
        long setBack = ahead - ahead();
        ahead -= setBack;
        if (setBack < MORE_THAN_DRIFT.toMillis()) {
            return;
        }
        LOG.warn("The clock was set back by {} s; all timers start anew", setBack / 1_000);
        for (Route route : context.getRoutes()) {
            Endpoint timer = route.getEndpoint();
            if (timer instanceof QuartzEndpoint || timer instanceof TimerEndpoint) {
                context.getRouteController().stopRoute(route.getId());
                // A stopped route only pauses Quartz's trigger, which keeps the moment that it waits for.
                timer.stop();
                timer.start();
                context.getRouteController().startRoute(route.getId());
            }
        }
    }
}
