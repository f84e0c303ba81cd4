package tracklog.web;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** Reads the query of a panel and checks it against the description of the API. */
public final class PanelParameters {

    /** Parameters that statements name although not every panel has them. */
    private static final List<String> ALWAYS =
            List.of("listener", "from", "to", "days", "artist", "search", "before", "content");

    /**
     * Returns typed values by name. A parameter that is missing has its default or is null.
     *
     * @throws ProblemException if there is no such panel or a parameter is not as described
     */
    public Map<String, Object> accept(@Header("panel") String name, @Header(Exchange.HTTP_RAW_QUERY) String query)
            throws ProblemException {
        OpenApi.Panel panel = OpenApi.panel(name);
        Map<String, String> given = decoded(query);
        for (String parameter : given.keySet()) {
            require(
                    panel.parameters().containsKey(parameter),
                    "There is no parameter \"" + parameter + "\" here; there are "
                            + String.join(", ", panel.parameters().keySet()) + ".");
        }
        Map<String, Object> parameters = new HashMap<>();
        ALWAYS.forEach(parameter -> parameters.put(parameter, null));
        for (var described : panel.parameters().entrySet()) {
            String value = given.getOrDefault(described.getKey(), "");
            Map<String, Object> schema = described.getValue();
            parameters.put(
                    described.getKey(),
                    value.isEmpty() ? schema.get("default") : typed(described.getKey(), value, schema));
        }
        require(parameters.get("from") == null || parameters.get("days") == null, "Give from or days, not both.");
        Object listener = parameters.get("listener");
        parameters.put(
                "listener", listener == null || listener.equals("all") ? null : Integer.valueOf((String) listener));
        parameters.put("spoken", "spoken".equals(parameters.get("content")));
        parameters.put("statistic", name);
        parameters.put("statement", panel.statement());
        return parameters;
    }

    private static Map<String, String> decoded(String query) throws ProblemException {
        Map<String, String> decoded = new LinkedHashMap<>();
        try {
            for (var given : new QueryStringDecoder("?" + (query == null ? "" : query))
                    .parameters()
                    .entrySet()) {
                String value = given.getValue().get(0);
                require(given.getValue().size() == 1, "A parameter is given twice.");
                require(value.indexOf(0) < 0, given.getKey() + " contains the character U+0000.");
                decoded.put(given.getKey(), value);
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(400, "The query is not encoded as a URL must be.");
        }
        return decoded;
    }

    private static Object typed(String name, String value, Map<String, Object> schema) throws ProblemException {
        if ("integer".equals(schema.get("type"))) {
            return number(name, value, (Number) schema.get("minimum"), (Number) schema.get("maximum"));
        }
        if ("date".equals(schema.get("format"))) {
            return day(name, value);
        }
        if (schema.get("enum") instanceof List<?> allowed) {
            String all = allowed.stream().map(Object::toString).collect(Collectors.joining(", "));
            require(allowed.contains(value), name + " must be one of " + all + ".");
        }
        if (schema.get("pattern") instanceof String pattern) {
            require(value.matches(pattern), name + " must match " + pattern + ".");
        }
        if (schema.get("maxLength") instanceof Number most) {
            require(value.length() <= most.intValue(), name + " is too long; at most " + most + " characters.");
        }
        return value;
    }

    private static Integer number(String name, String value, Number least, Number most) throws ProblemException {
        try {
            long number = Long.parseLong(value);
            require(
                    number >= least.longValue() && number <= most.longValue(),
                    name + " must be between " + least + " and " + most + ".");
            return (int) number;
        } catch (NumberFormatException e) {
            throw new ProblemException(400, name + " must be a whole number.");
        }
    }

    private static String day(String name, String value) throws ProblemException {
        try {
            int year = LocalDate.parse(value).getYear();
            require(year >= 1900 && year <= 2200, name + " must be a day from 1900-01-01 to 2200-12-31.");
            return value;
        } catch (DateTimeException e) {
            throw new ProblemException(400, name + " must be a day like 2026-11-22.");
        }
    }

    private static void require(boolean right, String detail) throws ProblemException {
        if (!right) {
            throw new ProblemException(400, detail);
        }
    }
}
