package tracklog.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/** Makes values storable: PostgreSQL refuses some characters, and personal fields are not kept. */
public final class Storable {

    private static final List<String> PERSONAL = List.of("ip_addr", "user_agent", "username");

    private static final int MOST_DIGITS = 40;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

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

    /** Returns the storable name of a field. */
    static String name(String name) {
        return Objects.toString(text(name), "");
    }

    /** Reads the parser's value, with each text in it made storable, and without the personal fields. */
    static JsonNode json(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = JSON.objectNode();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    if (isPersonal(name)) {
                        parser.skipChildren();
                    } else {
                        object.set(name(name), json(parser));
                    }
                }
                return object;
            }
            case START_ARRAY -> {
                ArrayNode array = JSON.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(json(parser));
                }
                return array;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() < 19
                        ? JSON.numberNode((Long) parser.getLongValue())
                        : number(parser.getText());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return JSON.booleanNode(parser.getBooleanValue());
            }
            case VALUE_NULL -> {
                return JSON.nullNode();
            }
            default -> {
                return JSON.textNode(name(parser.getText()));
            }
        }
    }

    /** PostgreSQL writes a number with all its digits, and refuses some: what has too many becomes a text. */
    private static JsonNode number(String text) {
        if (text.length() <= MOST_DIGITS) {
            try {
                BigDecimal number = new BigDecimal(text);
                if (Math.abs(number.scale()) <= MOST_DIGITS) {
                    return number.scale() == 0 ? JSON.numberNode(number.toBigInteger()) : DecimalNode.valueOf(number);
                }
            } catch (NumberFormatException e) {
                // Its exponent is too large.
            }
        }
        return JSON.textNode(text);
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
