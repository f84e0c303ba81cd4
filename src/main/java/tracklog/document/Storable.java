package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/** Makes values storable: PostgreSQL refuses some characters, and personal fields are not kept. */
public final class Storable {

    private static final List<String> PERSONAL = List.of("ip_addr", "user_agent", "username");

    private Storable() {}

    /** Returns the text without U+0000 and with U+FFFD for half a surrogate pair; null for an empty text. */
    public static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return repaired(text);
            }
        }
        return text.isEmpty() ? null : text;
    }

    private static String repaired(String text) {
        StringBuilder repaired = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> c != 0)
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(repaired::appendCodePoint);
        return repaired.isEmpty() ? null : repaired.toString();
    }

    /** Returns the value with each text in it made storable, and without the personal fields. */
    static JsonNode json(JsonNode value) {
        if (value.isTextual()) {
            String text = text(value.textValue());
            return TextNode.valueOf(text == null ? "" : text);
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(field -> {
                if (!isPersonal(field.getKey())) {
                    String name = text(field.getKey());
                    object.set(name == null ? "" : name, json(field.getValue()));
                }
            });
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> array.add(json(element)));
            return array;
        }
        return value;
    }

    /** Tells the fields that are never stored: IP address, user name and user agent. */
    static boolean isPersonal(String field) {
        for (String personal : PERSONAL) {
            if (field.regionMatches(true, 0, personal, 0, personal.length())) {
                return true;
            }
        }
        return false;
    }
}
