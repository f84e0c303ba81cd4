package tracklog.web;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import tracklog.store.ListenerName;

/** Reads a listener from a request, and writes listeners to a response. */
public final class Listeners {

    private static final List<String> CONNECTION =
            List.of("state", "authorised_at", "expires_at", "days_left", "upper_bound", "paused_until", "error");

    /** Returns the fields of the request as parameters of a statement. */
    public Map<String, Object> accept(Exchange exchange) throws ProblemException {
        Map<String, Object> listener = RequestBody.texts(exchange, List.of("name", "time_zone"));
        String name = (String) listener.get("name");
        if (name != null && !ListenerName.isValid(name)) {
            throw new ProblemException(
                    400,
                    "A name has 1 to 100 characters, no slash, and does not start with a dot: it names a folder too.");
        }
        if (listener.get("time_zone") instanceof String zone
                && !ZoneId.getAvailableZoneIds().contains(zone)) {
            throw new ProblemException(400, "There is no time zone " + zone + "; one is like Europe/Stockholm.");
        }
        String id = exchange.getIn().getHeader("listener_id", String.class);
        if (id == null && name == null) {
            throw new ProblemException(400, "A new listener needs a name.");
        }
        if (id != null && !id.matches("[1-9][0-9]{0,8}")) {
            throw new ProblemException(404, "There is no such listener.");
        }
        listener.put("listener_id", id == null ? null : Integer.valueOf(id));
        return listener;
    }

    /** Responds with the listener that was added or changed. */
    public void respondOne(
            Exchange exchange, List<Map<String, Object>> all, @Variable("changed") List<Map<String, Object>> changed)
            throws ProblemException {
        boolean added = exchange.getIn().getHeader("listener_id") == null;
        Object id = changed.isEmpty() ? null : changed.get(0).get("listener_id");
        Map<String, Object> listener = all.stream()
                .filter(one -> one.get("listener_id").equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(404, "There is no such listener."));
        HttpResponses.respond(exchange, added ? 201 : 200, "application/json", HttpResponses.of(shown(listener)));
    }

    /** Responds with all listeners. */
    public void respond(Exchange exchange, List<Map<String, Object>> all) {
        Map<String, Object> response =
                Map.of("listeners", all.stream().map(Listeners::shown).toList());
        HttpResponses.respond(exchange, 200, "application/json", HttpResponses.of(response));
    }

    private static Map<String, Object> shown(Map<String, Object> columns) {
        Map<String, Object> listener = new LinkedHashMap<>(columns);
        Map<String, Object> connection = new LinkedHashMap<>();
        CONNECTION.forEach(name -> connection.put(name, listener.remove(name)));
        listener.put("connection", connection);
        return listener;
    }
}
