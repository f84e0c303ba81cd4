package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What a panel may be asked for, as {@link OpenApi} says, and how its rows are written. */
public final class Panels {

    private static final String UNIT_SEPARATOR = "-";

    private final OpenApi api = new OpenApi();
    private final byte[] description = Json.of(api.document());

    public Panels() throws IOException {}

    /** The OpenAPI description. */
    public void describe(Exchange exchange) {
        Json.answer(exchange, 200, "application/json", description);
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
        parameters.put("wanted_from", parameters.get("from"));
        parameters.put("wanted_to", parameters.get("to"));
        String[] before = parameters.get("before") == null
                ? new String[2]
                : ((String) parameters.get("before")).split(UNIT_SEPARATOR);
        parameters.put("before_at", number("before", before[0]));
        parameters.put("before_id", number("before", before[1]));
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
        if (parameters.get("days") != null && panel(exchange).parameters().containsKey("source")) {
            parameters.put("wanted_from", first.toString());
            parameters.put("wanted_to", last.toString());
        }
        exchange.getIn().setBody(parameters);
        if (panel(exchange).cached()) {
            String request = exchange.getIn().getHeader(Exchange.HTTP_URI, String.class) + "?"
                    + exchange.getIn().getHeader(Exchange.HTTP_RAW_QUERY, String.class) + csv(exchange, parameters);
            String tag = "W/\"" + range.get("version") + "-" + range.get("today") + "-"
                    + Integer.toHexString(request.hashCode()) + "\"";
            exchange.setVariable("etag", tag);
            String known = exchange.getIn().getHeader("If-None-Match", "", String.class);
            exchange.setVariable(
                    "unchanged", Arrays.asList(known.split(",\\s*")).contains(tag));
        }
    }

    /** There is nothing new to say. */
    public void unchanged(Exchange exchange, @Variable("etag") String etag) {
        Json.answer(exchange, 304, "application/json", new byte[0]);
        exchange.getMessage().setHeader("ETag", etag);
    }

    /** Writes the rows as JSON or CSV. */
    public void answer(
            Exchange exchange,
            List<Map<String, Object>> rows,
            @Variable("parameters") Map<String, Object> parameters,
            @Variable("etag") String etag)
            throws ProblemException {
        OpenApi.Panel panel = panel(exchange);
        String name = exchange.getIn().getHeader("panel", String.class);
        Object next = next(panel, rows, parameters);
        List<Map<String, Object>> page = next == null ? rows : rows.subList(0, rows.size() - 1);
        if (csv(exchange, parameters)) {
            Json.answer(
                    exchange,
                    200,
                    "text/csv; charset=utf-8",
                    csv(panel.columns(), page).getBytes(UTF_8));
            exchange.getMessage()
                    .setHeader("Content-Disposition", "attachment; filename=\"tracklog-" + name + ".csv\"");
        } else {
            boolean ranged = panel.parameters().containsKey("from");
            boolean years = panel.parameters().containsKey("year");
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("range", years ? year(parameters, "year", 0) : ranged ? range(parameters, "") : null);
            answer.put(
                    "before",
                    years
                            ? year(parameters, "with", 1)
                            : name.equals("figures") && Boolean.TRUE.equals(parameters.get("comparable"))
                                    ? range(parameters, "before_")
                                    : null);
            answer.put("rows", page.stream().map(Json::row).toList());
            answer.put("next", next);
            Json.answer(exchange, 200, "application/json", Json.of(answer));
        }
        if (etag != null) {
            exchange.getMessage().setHeader("ETag", etag);
        }
    }

    private OpenApi.Panel panel(Exchange exchange) throws ProblemException {
        String name = exchange.getIn().getHeader("panel", String.class);
        OpenApi.Panel panel = name == null ? null : api.panels().get(name);
        if (panel == null) {
            throw new ProblemException(
                    404,
                    "There is no such panel; there are "
                            + String.join(", ", api.panels().keySet()) + ".");
        }
        return panel;
    }

    private static Map<String, String> query(String raw) throws ProblemException {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            String[] parts = pair.split("=", 2);
            try {
                String value = parts.length == 1 ? "" : URLDecoder.decode(parts[1], UTF_8);
                if (query.put(URLDecoder.decode(parts[0], UTF_8), value) != null) {
                    throw new ProblemException(400, "A parameter is given twice.");
                }
                if (value.indexOf(0) >= 0) {
                    throw new ProblemException(400, parts[0] + " holds a character that no text may hold.");
                }
            } catch (IllegalArgumentException e) {
                throw new ProblemException(400, "The query is not encoded as a URL must be.");
            }
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
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new ProblemException(400, name + " must be a whole number.");
        }
    }

    private static LocalDate day(Map<String, Object> range, String name) {
        return ((Date) range.get(name)).toLocalDate();
    }

    private static Map<String, Object> range(Map<String, Object> parameters, String prefix) {
        Map<String, Object> range = new LinkedHashMap<>();
        range.put("from", Json.iso(parameters.get(prefix + "first_day")));
        range.put("to", Json.iso(parameters.get(prefix + "last_day")));
        return range;
    }

    private static Map<String, Object> year(Map<String, Object> parameters, String name, int ago) {
        Object chosen = parameters.get("year");
        int year = chosen == null ? day(parameters, "today").getYear() : (Integer) chosen;
        int wanted = parameters.get(name) == null ? year - ago : (Integer) parameters.get(name);
        return Map.of(
                "from",
                LocalDate.of(wanted, 1, 1).toString(),
                "to",
                LocalDate.of(wanted, 12, 31).toString());
    }

    /** What asks for the page after these rows, of which the last is the first of that page. */
    private static Object next(OpenApi.Panel panel, List<Map<String, Object>> rows, Map<String, Object> parameters) {
        Integer limit = (Integer) parameters.get("limit");
        if (limit == null || rows.size() <= limit) {
            return null;
        }
        if (panel.parameters().containsKey("offset")) {
            return (Integer) parameters.get("offset") + limit;
        }
        Map<String, Object> last = rows.get(limit - 1);
        Instant at = ((Timestamp) last.get("played_at")).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, at) + UNIT_SEPARATOR + last.get("play_id");
    }

    private static boolean csv(Exchange exchange, Map<String, Object> parameters) {
        Object format = parameters.get("format");
        return format == null
                ? exchange.getIn().getHeader("Accept", "", String.class).startsWith("text/csv")
                : format.equals("csv");
    }

    private static String csv(List<String> columns, List<Map<String, Object>> rows) {
        StringBuilder csv = new StringBuilder(String.join(",", columns)).append("\r\n");
        for (Map<String, Object> row : rows) {
            csv.append(columns.stream()
                            .map(column -> cell(Json.iso(row.get(column))))
                            .collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return csv.toString();
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
