package tracklog.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tracklog.store.TextResource;

/** The OpenAPI description of the API, by which the parameters of panels are checked. */
final class OpenApi {

    /**
     * One panel.
     *
     * @param statement the name of its file in {@code sql/panels}
     * @param parameters their schemas by name
     * @param columns the columns of its rows, in order
     * @param cached whether it has an ETag and may respond 304
     */
    record Panel(String statement, Map<String, Map<String, Object>> parameters, List<String> columns, boolean cached) {}

    private static final String PANELS = "/panels/";

    private final Map<String, Object> document;
    private final Map<String, Panel> panels = new LinkedHashMap<>();

    /** Read at the first request: a start does not need it. */
    private static final class Loaded {
        static final OpenApi API = new OpenApi();
    }

    private OpenApi() {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("openapi.yaml")
                .setMaxAliasesForCollections(1_000)
                .build();
        document = object(new Load(settings).loadFromString(TextResource.read("web/openapi.yaml")));
        object(document.get("paths")).forEach((path, item) -> {
            if (path.startsWith(PANELS)) {
                String name = path.substring(PANELS.length());
                panels.put(name, described(name, object(object(item).get("get"))));
            }
        });
    }

    static Map<String, Object> document() {
        return Loaded.API.document;
    }

    /** @throws ProblemException if there is no such panel */
    static Panel panel(String name) throws ProblemException {
        Panel panel = Loaded.API.panels.get(name);
        if (panel == null) {
            String all = String.join(", ", Loaded.API.panels.keySet());
            throw new ProblemException(404, "There is no such panel; there are " + all + ".");
        }
        return panel;
    }

    private Panel described(String name, Map<String, Object> operation) {
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        for (Object given : (List<?>) operation.get("parameters")) {
            Map<String, Object> parameter = resolved(given);
            parameters.put((String) parameter.get("name"), object(parameter.get("schema")));
        }
        Map<String, Object> responses = object(operation.get("responses"));
        Map<String, Object> schema = at(responses, "200", "content", "application/json", "schema");
        Map<String, Object> rows = at(object(((List<?>) schema.get("allOf")).get(1)), "properties", "rows", "items");
        List<String> columns =
                new ArrayList<>(object(resolved(rows).get("properties")).keySet());
        String statement = (String) operation.getOrDefault("x-statement", name);
        return new Panel(statement, parameters, columns, responses.containsKey("304"));
    }

    private Map<String, Object> resolved(Object given) {
        Map<String, Object> object = object(given);
        String reference = (String) object.get("$ref");
        return reference == null ? object : at(document, reference.substring(2).split("/"));
    }

    private static Map<String, Object> at(Map<String, Object> object, String... path) {
        Map<String, Object> found = object;
        for (String name : path) {
            found = object(found.get(name));
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}
