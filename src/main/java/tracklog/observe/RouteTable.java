package tracklog.observe;

import java.io.IOException;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Objects;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import tracklog.Settings;

/** Prints the statistics that the running program keeps of each route. */
public final class RouteTable {

    private static final String ROW = "%-24s %10s %8s %10s %9s  %s%n";

    private static final String[] ATTRIBUTES = {
        "RouteId",
        "ExchangesTotal",
        "ExchangesFailed",
        "ExchangesInflight",
        "MeanProcessingTime",
        "LastExchangeCompletedTimestamp"
    };

    private RouteTable() {}

    /** Reads them over JMX and prints one line a route. Returns the exit code. */
    public static int print(Settings settings, PrintStream out) throws IOException, JMException {
        var routes = new TreeMap<Object, Object[]>();
        try (var connector = Jmx.connect(settings)) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            for (ObjectName route : beans.queryNames(new ObjectName("org.apache.camel:type=routes,*"), null)) {
                var cells = beans.getAttributes(route, ATTRIBUTES).asList().stream()
                        .map(attribute -> shown(attribute.getValue()))
                        .toArray();
                routes.put(cells[0], cells);
            }
        }
        out.printf(ROW, "route", "total", "failed", "in flight", "mean ms", "last");
        routes.values().forEach(cells -> out.printf(ROW, cells));
        return 0;
    }

    private static Object shown(Object value) {
        return value instanceof Date date
                ? date.toInstant().truncatedTo(ChronoUnit.SECONDS)
                : Objects.requireNonNullElse(value, "-");
    }
}
