package tracklog.observe;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.component.timer.TimerEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the clock was set back. Quartz and Camel's timer go by the clock: they would wait until it shows the
 * old time again.
 */
public final class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    private static final Duration MORE_THAN_DRIFT = Duration.ofSeconds(30);

    private long ahead = ahead();

    /** Returns how far the clock is ahead of the monotonic one, in milliseconds. */
    private static long ahead() {
        return System.currentTimeMillis() - System.nanoTime() / 1_000_000;
    }

    /** Restarts all timer routes if the clock was set back since the last call. */
    public synchronized void watch(CamelContext context) throws Exception {
        long setBack = ahead - ahead();
        ahead -= setBack;
        if (setBack < MORE_THAN_DRIFT.toMillis()) {
            return;
        }
        LOG.warn("The clock was set back by {} s; all timers are restarted", setBack / 1_000);
        for (Route route : context.getRoutes()) {
            Endpoint timer = route.getEndpoint();
            if (timer instanceof QuartzEndpoint || timer instanceof TimerEndpoint) {
                context.getRouteController().stopRoute(route.getId());
                // Stopping the route only pauses Quartz's trigger, which keeps its next firing.
                timer.stop();
                timer.start();
                context.getRouteController().startRoute(route.getId());
            }
        }
    }
}
