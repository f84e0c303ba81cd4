package tracklog.web;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Turns the rows of a panel into a response, or tells that the client has them already. */
public final class Panels {

    /** The schema Range of the API. */
    private record Days(Object from, Object to) {}

    /** The schema Panel of the API. */
    private record Panel(Days range, Days before, Iterator<Map<String, Object>> rows, Object next) {}

    /** Responds with the description of the API. */
    public void describe(Exchange exchange) {
        HttpResponses.respond(exchange, 200, "application/json", HttpResponses.of(OpenApi.document()));
    }

    /**
     * Adds the range to the parameters, and sets the variables {@code etag} and {@code unchanged}.
     *
     * @throws ProblemException if there is no such listener or the range ends before it starts
     */
    public void locate(
            Exchange exchange,
            @Header("panel") String name,
            @Variable("parameters") Map<String, Object> parameters,
            @Variable("range") Map<String, Object> range)
            throws ProblemException {
        if (((Number) range.get("listeners")).intValue() == 0) {
            throw new ProblemException(400, "There is no listener " + parameters.get("listener") + ".");
        }
        LocalDate first = ((Date) range.get("first_day")).toLocalDate();
        LocalDate last = ((Date) range.get("last_day")).toLocalDate();
        if (last.isBefore(first)) {
            if (parameters.get("from") != null) {
                throw new ProblemException(400, "from (" + first + ") is after to (" + last + ").");
            }
            range.put("first_day", range.get("last_day"));
        }
        parameters.putAll(range);
        exchange.getIn().setBody(parameters);
        if (OpenApi.panel(name).cached()) {
            String request = exchange.getIn().getHeader(Exchange.HTTP_URI, String.class) + "?"
                    + exchange.getIn().getHeader(Exchange.HTTP_RAW_QUERY, String.class) + isCsv(exchange, parameters);
            String tag = "W/\"" + range.get("version") + "-" + range.get("today") + "-"
                    + Integer.toHexString(request.hashCode()) + "\"";
            exchange.setVariable("etag", tag);
            exchange.setVariable("unchanged", HttpResponses.isKnown(exchange, tag));
        }
    }

    /** Responds that the data has not changed. */
    public void unchanged(Exchange exchange, @Variable("etag") String etag) {
        HttpResponses.respond(exchange, 304, "application/json", new byte[0]);
        exchange.getMessage().setHeader("ETag", etag);
    }

    /** Responds with the rows as JSON or CSV. A panel without pages may have many; they are written as they come. */
    public void respond(
            Exchange exchange,
            Iterator<Map<String, Object>> found,
            @Header("panel") String name,
            @Header(Exchange.HTTP_RAW_QUERY) String query,
            @Variable("parameters") Map<String, Object> parameters,
            @Variable("etag") String etag)
            throws ProblemException {
        OpenApi.Panel panel = OpenApi.panel(name);
        Iterator<Map<String, Object>> rows = found;
        Object next = null;
        if (parameters.get("limit") instanceof Integer limit) {
            List<Map<String, Object>> page = new ArrayList<>();
            found.forEachRemaining(page::add);
            if (page.size() > limit) {
                page.remove((int) limit);
                next = next(panel, page, parameters);
            }
            rows = page.iterator();
        }
        Stream<Map<String, Object>> stream = StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false);
        if (isCsv(exchange, parameters)) {
            HttpResponses.respond(exchange, 200, "text/csv; charset=utf-8", Csv.of(panel.columns(), stream));
            exchange.getMessage()
                    .setHeader("Content-Disposition", "attachment; filename=\"tracklog-" + name + ".csv\"");
        } else {
            stream = stream.peek(row -> row.keySet().retainAll(panel.columns()));
            Object body = new Panel(range(panel, parameters), before(panel, name, parameters), stream.iterator(), next);
            HttpResponses.respond(exchange, 200, "application/json", HttpResponses.of(body));
        }
        if (next != null) {
            exchange.getMessage().setHeader("Link", link(panel, query, next));
        }
        if (etag != null) {
            exchange.getMessage().setHeader("ETag", etag);
        }
    }

    private static Days range(OpenApi.Panel panel, Map<String, Object> parameters) {
        if (panel.parameters().containsKey("year")) {
            return year(parameters, "year", 0);
        }
        return panel.parameters().containsKey("from") ? days(parameters, "") : null;
    }

    private static Days before(OpenApi.Panel panel, String name, Map<String, Object> parameters) {
        if (panel.parameters().containsKey("year")) {
            return year(parameters, "with", 1);
        }
        boolean compared = name.equals("figures") && Boolean.TRUE.equals(parameters.get("comparable"));
        return compared ? days(parameters, "before_") : null;
    }

    private static Days days(Map<String, Object> parameters, String prefix) {
        return new Days(
                HttpResponses.iso(parameters.get(prefix + "first_day")),
                HttpResponses.iso(parameters.get(prefix + "last_day")));
    }

    private static Days year(Map<String, Object> parameters, String name, int ago) {
        Integer year = (Integer) parameters.get(name);
        if (year == null) {
            Integer chosen = (Integer) parameters.get("year");
            int today = ((Date) parameters.get("today")).toLocalDate().getYear();
            year = (chosen == null ? today : chosen) - ago;
        }
        return new Days(year + "-01-01", year + "-12-31");
    }

    /** Returns the value of the parameter that asks for the next page. */
    private static Object next(OpenApi.Panel panel, List<Map<String, Object>> page, Map<String, Object> parameters) {
        if (panel.parameters().containsKey("offset")) {
            return (Integer) parameters.get("offset") + page.size();
        }
        Map<String, Object> last = page.get(page.size() - 1);
        Instant at = ((Timestamp) last.get("played_at")).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "-" + last.get("play_id");
    }

    /** The link is relative, so that it works behind any proxy. */
    private static String link(OpenApi.Panel panel, String query, Object next) {
        String by = panel.parameters().containsKey("offset") ? "offset" : "before";
        String rest = query == null ? "" : query.replaceAll("(^|&)" + by + "=[^&]*", "");
        return "<?" + rest + "&" + by + "=" + next + ">; rel=\"next\"";
    }

    private static boolean isCsv(Exchange exchange, Map<String, Object> parameters) {
        Object format = parameters.get("format");
        return format == null
                ? exchange.getIn().getHeader("Accept", "", String.class).startsWith("text/csv")
                : format.equals("csv");
    }
}
