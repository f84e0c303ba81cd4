package tracklog.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** Reads the JSON object that a request sends. */
final class RequestBody {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RequestBody() {}

    /** @throws ProblemException unless the body is a JSON object with only these fields, each of them a text */
    static Map<String, Object> texts(Exchange exchange, List<String> fields) throws ProblemException {
        Map<String, Object> texts = new LinkedHashMap<>();
        fields.forEach(field -> texts.put(field, null));
        JsonNode body = null;
        try {
            byte[] bytes = exchange.getIn().getBody(byte[].class);
            body = JSON.readTree(bytes == null ? new byte[0] : bytes);
        } catch (IOException e) {
            // answered below
        }
        if (body == null || !body.isObject()) {
            throw new ProblemException(400, "The body must be a JSON object.");
        }
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!fields.contains(field.getKey()) || !field.getValue().isTextual()) {
                throw new ProblemException(
                        400, "The body may have only these fields, each a text: " + String.join(", ", fields) + ".");
            }
            texts.put(field.getKey(), field.getValue().textValue());
        }
        return texts;
    }
}
