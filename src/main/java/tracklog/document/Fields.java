package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One line of a document, field by field, as PostgreSQL can take it.
 *
 * <p>A field is taken when it is read. What is left at the end, or was there in a type that its column cannot hold,
 * is the line's {@link #extra()}; nothing is dropped but the personal fields.
 */
public final class Fields {

    /** Spotify was founded in 2006; a later bound catches clocks gone wild. */
    private static final Instant EARLIEST = Instant.parse("2006-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    private static final List<String> PERSONAL = List.of("ip_addr", "user_agent", "username");

    private final Map<String, JsonNode> left = new LinkedHashMap<>();

    /** @throws InvalidLineException if the line is no object */
    Fields(JsonNode line) throws InvalidLineException {
        if (!line.isObject()) {
            throw new InvalidLineException("not an object");
        }
        line.properties().forEach(field -> left.put(field.getKey(), field.getValue()));
        left.keySet().removeIf(Fields::isPersonal);
    }

    /** IP address, user name and user agent: never stored. */
    static boolean isPersonal(String field) {
        for (String personal : PERSONAL) {
            if (field.regionMatches(true, 0, personal, 0, personal.length())) {
                return true;
            }
        }
        return false;
    }

    /** The text without what PostgreSQL cannot store; null where it is missing or empty. */
    String text(String field) {
        return optional(field, value -> value.isTextual() ? storable(value.textValue()) : null);
    }

    Boolean flag(String field) {
        return optional(field, value -> value.isBoolean() ? value.booleanValue() : null);
    }

    Integer number(String field, int most) {
        return optional(
                field,
                value -> value.isIntegralNumber()
                                && value.canConvertToInt()
                                && value.intValue() >= 0
                                && value.intValue() <= most
                        ? value.intValue()
                        : null);
    }

    /** A moment in seconds or milliseconds since 1970; null where it is missing or 0. */
    Instant epoch(String field) {
        return optional(field, value -> {
            if (!value.canConvertToLong()) {
                return null;
            }
            long number = value.longValue();
            Instant moment = number < 100_000_000_000L ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
            return moment.isBefore(EARLIEST) || moment.isAfter(LATEST) ? null : moment;
        });
    }

    /**
     * A length in milliseconds; null where it is missing.
     *
     * @throws InvalidLineException if it is there and is no length
     */
    Integer milliseconds(String field) throws InvalidLineException {
        JsonNode value = left.remove(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            throw new InvalidLineException(field + " is no whole number");
        }
        if (!value.canConvertToInt() || value.intValue() < 0) {
            throw new InvalidLineException(field + " is out of range");
        }
        return value.intValue();
    }

    /**
     * The moment of the play, in ISO 8601 or as account data has it: {@code 2024-06-24 17:43}, UTC.
     *
     * @throws InvalidLineException if it is missing, is no moment or is out of range
     */
    Instant moment(String field) throws InvalidLineException {
        JsonNode value = left.remove(field);
        if (value == null || !value.isTextual()) {
            throw new InvalidLineException(field + " is missing or no text");
        }
        String text = value.textValue();
        Instant moment;
        try {
            moment = text.length() == 16
                    ? LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidLineException(field + " is no date and time");
        }
        if (moment.isBefore(EARLIEST) || !moment.isBefore(LATEST)) {
            throw new InvalidLineException(field + " is out of range");
        }
        return moment;
    }

    /** The object in that field, for its own fields; one without any where it is missing. */
    Fields object(String field) throws InvalidLineException {
        JsonNode value = left.remove(field);
        return new Fields(value != null && value.isObject() ? value : JsonNodeFactory.instance.objectNode());
    }

    /** The first element of the array in that field. */
    Fields first(String field) throws InvalidLineException {
        JsonNode value = left.remove(field);
        JsonNode first = value == null ? null : value.get(0);
        return new Fields(first != null && first.isObject() ? first : JsonNodeFactory.instance.objectNode());
    }

    /** What was not read; null when that is nothing. */
    ObjectNode extra() {
        ObjectNode extra = JsonNodeFactory.instance.objectNode();
        left.forEach((field, value) -> {
            if (!value.isNull() && !(value.isTextual() && value.textValue().isEmpty())) {
                extra.set(storable(field), storable(value));
            }
        });
        return extra.isEmpty() ? null : extra;
    }

    private <T> T optional(String field, Function<JsonNode, T> type) {
        JsonNode value = left.get(field);
        T typed = value == null ? null : type.apply(value);
        boolean meansNothing = value == null
                || value.isNull()
                || (value.isTextual() && storable(value.textValue()) == null)
                || (value.canConvertToInt() && value.intValue() == 0);
        if (typed != null || meansNothing) {
            left.remove(field);
        }
        return typed;
    }

    /** Without U+0000 and with U+FFFD for half a surrogate pair; PostgreSQL refuses both. Null for an empty text. */
    public static String storable(String text) {
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

    /** The same for every text inside; without the personal fields. */
    static JsonNode storable(JsonNode value) {
        if (value.isTextual()) {
            String text = storable(value.textValue());
            return TextNode.valueOf(text == null ? "" : text);
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(field -> {
                if (!isPersonal(field.getKey())) {
                    String name = storable(field.getKey());
                    object.set(name == null ? "" : name, storable(field.getValue()));
                }
            });
            return object;
        }
        if (value.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> array.add(storable(element)));
            return array;
        }
        return value;
    }
}
