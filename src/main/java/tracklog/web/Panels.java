package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What a panel may be asked for, as {@link OpenApi} says, and how its rows are written. */
public final class Panels {

    /** Read when it is first asked for: a start needs it for nothing. */
    private static final class Description {
        static final OpenApi API = new OpenApi();
    }

    /** What the API calls Range and Panel. */
    private record Days(Object from, Object to) {}

    private record Answer(Days range, Days before, Iterator<Map<String, Object>> rows, Object next) {}

    /** The OpenAPI description. */
    public void describe(Exchange exchange) {
        HttpResponses.answer(exchange, 200, "application/json", HttpResponses.of(Description.API.document()));
    }

    /**
     * The parameters of the query, typed, by name; those not given have their default or are null.
     *
     * @throws ProblemException if there is no such panel or a parameter is not as described
     */
    public Map<String, Object> accept(Exchange exchange) throws ProblemException {
        OpenApi.Panel panel = panel(exchange);
        Map<String, String> given = query(exchange.getIn().getHeader(Exchange.HTTP_RAW_QUERY, String.class));
        for (String name : given.keySet()) {
            if (!panel.parameters().containsKey(name)) {
                throw new ProblemException(
                        400,
                        "There is no parameter \"" + name + "\" here; there are "
                                + String.join(", ", panel.parameters().keySet()) + ".");
            }
        }
        Map<String, Object> parameters = new HashMap<>();
        for (String name : List.of("listener", "from", "to", "days", "artist", "search", "before", "content")) {
            parameters.put(name, null);
        }
        for (Map.Entry<String, Map<String, Object>> parameter :
                panel.parameters().entrySet()) {
            String value = given.get(parameter.getKey());
            parameters.put(
                    parameter.getKey(),
                    value == null || value.isEmpty()
                            ? parameter.getValue().get("default")
                            : typed(parameter.getKey(), value, parameter.getValue()));
        }
        if (parameters.get("from") != null && parameters.get("days") != null) {
            throw new ProblemException(400, "Give from or days, not both.");
        }
        Object listener = parameters.get("listener");
        parameters.put(
                "listener", listener == null || listener.equals("all") ? null : Integer.valueOf((String) listener));
        parameters.put("spoken", "spoken".equals(parameters.get("content")));
        parameters.put("statistic", exchange.getIn().getHeader("panel", String.class));
        parameters.put("statement", panel.statement());
        return parameters;
    }

    /**
     * Adds the range to the parameters; answers 304 when the asker knows this version of the data.
     *
     * @throws ProblemException if there is no such listener or the range ends before it starts
     */
    public void locate(
            Exchange exchange,
            @Variable("parameters") Map<String, Object> parameters,
            @Variable("range") Map<String, Object> range)
            throws ProblemException {
        if (((Number) range.get("listeners")).intValue() == 0) {
            throw new ProblemException(400, "There is no listener " + parameters.get("listener") + ".");
        }
        LocalDate first = day(range, "first_day");
        LocalDate last = day(range, "last_day");
        if (last.isBefore(first)) {
            if (parameters.get("from") != null) {
                throw new ProblemException(400, "from (" + first + ") is after to (" + last + ").");
            }
            range.put("first_day", range.get("last_day"));
        }
        parameters.putAll(range);
        exchange.getIn().setBody(parameters);
        if (panel(exchange).cached()) {
            String request = exchange.getIn().getHeader(Exchange.HTTP_URI, String.class) + "?"
                    + exchange.getIn().getHeader(Exchange.HTTP_RAW_QUERY, String.class) + csv(exchange, parameters);
            String tag = "W/\"" + range.get("version") + "-" + range.get("today") + "-"
                    + Integer.toHexString(request.hashCode()) + "\"";
            exchange.setVariable("etag", tag);
            exchange.setVariable("unchanged", HttpResponses.isKnown(exchange, tag));
        }
    }

    /** There is nothing new to say. */
    public void unchanged(Exchange exchange, @Variable("etag") String etag) {
        HttpResponses.answer(exchange, 304, "application/json", new byte[0]);
        exchange.getMessage().setHeader("ETag", etag);
    }

    /** Writes the rows as JSON or CSV; those of a panel without pages as they come, since they may be many. */
    public void answer(
            Exchange exchange,
            Iterator<Map<String, Object>> rows,
            @Variable("parameters") Map<String, Object> parameters,
            @Variable("etag") String etag)
            throws ProblemException {
        OpenApi.Panel panel = panel(exchange);
        String name = exchange.getIn().getHeader("panel", String.class);
        String query = exchange.getIn().getHeader(Exchange.HTTP_RAW_QUERY, String.class);
        Object next = null;
        if (parameters.get("limit") instanceof Integer limit) {
            List<Map<String, Object>> page = new ArrayList<>();
            rows.forEachRemaining(page::add);
            if (page.size() > limit) {
                page.remove((int) limit);
                next = next(panel, page, parameters);
            }
            rows = page.iterator();
        }
        if (csv(exchange, parameters)) {
            HttpResponses.answer(
                    exchange,
                    200,
                    "text/csv; charset=utf-8",
                    csv(panel.columns(), rows).getBytes(UTF_8));
            exchange.getMessage()
                    .setHeader("Content-Disposition", "attachment; filename=\"tracklog-" + name + ".csv\"");
        } else {
            boolean ranged = panel.parameters().containsKey("from");
            boolean years = panel.parameters().containsKey("year");
            boolean compared = name.equals("figures") && Boolean.TRUE.equals(parameters.get("comparable"));
            Answer answer = new Answer(
                    years ? year(parameters, "year", 0) : ranged ? range(parameters, "") : null,
                    years ? year(parameters, "with", 1) : compared ? range(parameters, "before_") : null,
                    stream(rows).map(row -> only(panel.columns(), row)).iterator(),
                    next);
            HttpResponses.answer(exchange, 200, "application/json", HttpResponses.of(answer));
        }
        if (next != null) {
            exchange.getMessage().setHeader("Link", link(panel, query, next));
        }
        if (etag != null) {
            exchange.getMessage().setHeader("ETag", etag);
        }
    }

    /** To the next page, relative to this one, so that it holds behind any proxy. */
    private static String link(OpenApi.Panel panel, String query, Object next) {
        String by = panel.parameters().containsKey("offset") ? "offset" : "before";
        String rest = query == null ? "" : query.replaceAll("(^|&)" + by + "=[^&]*", "");
        return "<?" + rest + "&" + by + "=" + next + ">; rel=\"next\"";
    }

    private OpenApi.Panel panel(Exchange exchange) throws ProblemException {
        String name = exchange.getIn().getHeader("panel", String.class);
        OpenApi.Panel panel = name == null ? null : Description.API.panels().get(name);
        if (panel == null) {
            throw new ProblemException(
                    404,
                    "There is no such panel; there are "
                            + String.join(", ", Description.API.panels().keySet()) + ".");
        }
        return panel;
    }

    private static Map<String, String> query(String raw) throws ProblemException {
        Map<String, String> query = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, List<String>> given : new QueryStringDecoder("?" + (raw == null ? "" : raw))
                    .parameters()
                    .entrySet()) {
                if (given.getValue().size() > 1) {
                    throw new ProblemException(400, "A parameter is given twice.");
                }
                if (given.getValue().get(0).indexOf(0) >= 0) {
                    throw new ProblemException(400, given.getKey() + " holds a character that no text may hold.");
                }
                query.put(given.getKey(), given.getValue().get(0));
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(400, "The query is not encoded as a URL must be.");
        }
        return query;
    }

    private static Object typed(String name, String value, Map<String, Object> schema) throws ProblemException {
        if ("integer".equals(schema.get("type"))) {
            Long number = number(name, value);
            long least = ((Number) schema.get("minimum")).longValue();
            long most = ((Number) schema.get("maximum")).longValue();
            if (number < least || number > most) {
                throw new ProblemException(400, name + " must be between " + least + " and " + most + ".");
            }
            return number.intValue();
        }
        if ("date".equals(schema.get("format"))) {
            return date(name, value);
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            throw new ProblemException(
                    400,
                    name + " must be one of "
                            + allowed.stream().map(Object::toString).collect(Collectors.joining(", ")) + ".");
        }
        if (schema.get("pattern") instanceof String pattern && !value.matches(pattern)) {
            throw new ProblemException(400, name + " must match " + pattern + ".");
        }
        if (schema.get("maxLength") instanceof Number most && value.length() > most.intValue()) {
            throw new ProblemException(400, name + " is too long; at most " + most + " characters.");
        }
        return value;
    }

    private static String date(String name, String value) throws ProblemException {
        try {
            LocalDate day = LocalDate.parse(value);
            if (day.getYear() < 1900 || day.getYear() > 2200) {
                throw new DateTimeException("out of range");
            }
            return day.toString();
        } catch (DateTimeException e) {
            throw new ProblemException(400, name + " must be a day like 2026-11-22.");
        }
    }

    private static Long number(String name, String value) throws ProblemException {
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new ProblemException(400, name + " must be a whole number.");
        }
    }

    private static LocalDate day(Map<String, Object> range, String name) {
        return ((Date) range.get(name)).toLocalDate();
    }

    private static Days range(Map<String, Object> parameters, String prefix) {
        return new Days(
                HttpResponses.iso(parameters.get(prefix + "first_day")),
                HttpResponses.iso(parameters.get(prefix + "last_day")));
    }

    private static Days year(Map<String, Object> parameters, String name, int ago) {
        Object chosen = parameters.get("year");
        int year = chosen == null ? day(parameters, "today").getYear() : (Integer) chosen;
        int wanted = parameters.get(name) == null ? year - ago : (Integer) parameters.get(name);
        return new Days(wanted + "-01-01", wanted + "-12-31");
    }

    /** What asks for the page after this one. */
    private static Object next(OpenApi.Panel panel, List<Map<String, Object>> page, Map<String, Object> parameters) {
        if (panel.parameters().containsKey("offset")) {
            return (Integer) parameters.get("offset") + page.size();
        }
        Map<String, Object> last = page.get(page.size() - 1);
        Instant at = ((Timestamp) last.get("played_at")).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "-" + last.get("play_id");
    }

    private static Stream<Map<String, Object>> stream(Iterator<Map<String, Object>> rows) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false);
    }

    private static Map<String, Object> only(List<String> columns, Map<String, Object> row) {
        row.keySet().retainAll(columns);
        return row;
    }

    private static boolean csv(Exchange exchange, Map<String, Object> parameters) {
        Object format = parameters.get("format");
        return format == null
                ? exchange.getIn().getHeader("Accept", "", String.class).startsWith("text/csv")
                : format.equals("csv");
    }

    private static String csv(List<String> columns, Iterator<Map<String, Object>> rows) {
        Stream<String> lines = stream(rows)
                .map(row -> columns.stream()
                        .map(column -> cell(HttpResponses.iso(row.get(column))))
                        .collect(Collectors.joining(",")));
        return Stream.concat(Stream.of(String.join(",", columns)), lines)
                .map(line -> line + "\r\n")
                .collect(Collectors.joining());
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        }
        // A spreadsheet would take it for a formula.
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^\",\\r\\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
