package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads one line of a document, field by field, into values that PostgreSQL can store.
 *
 * <p>Reading a field removes it. Fields that are left at the end, or have a type that their column cannot hold, form
 * the line's {@link #extra()}. Only personal fields are dropped.
 */
public final class Fields {

    /** Spotify was founded in 2006; a later bound catches clocks gone wild. */
    private static final Instant EARLIEST = Instant.parse("2006-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    private final Map<String, JsonNode> left = new LinkedHashMap<>();

    /** @throws InvalidLineException if the line is no object */
    Fields(JsonNode line) throws InvalidLineException {
        if (!line.isObject()) {
            throw new InvalidLineException("not an object");
        }
        line.properties().forEach(field -> left.put(field.getKey(), field.getValue()));
        left.keySet().removeIf(Storable::isPersonal);
    }

    /** Returns the storable text; null where it is missing or empty. */
    String text(String field) {
        return optional(field, value -> value.isTextual() ? Storable.text(value.textValue()) : null);
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

    /** Returns a moment from seconds or milliseconds since 1970; null where it is missing or 0. */
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
     * Returns a length in milliseconds; null where it is missing.
     *
     * @throws InvalidLineException if it is present and not a length
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
     * Returns the moment of the play, from ISO 8601 or the format of account data, {@code 2024-06-24 17:43} in UTC.
     *
     * @throws InvalidLineException if it is missing, not a moment or out of range
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

    /** Returns the fields of the object in that field; none if it is missing. */
    Fields object(String field) throws InvalidLineException {
        return of(left.remove(field));
    }

    /** Returns the fields of the first element of the array in that field. */
    Fields first(String field) throws InvalidLineException {
        JsonNode value = left.remove(field);
        return of(value == null ? null : value.get(0));
    }

    private static Fields of(JsonNode value) throws InvalidLineException {
        return new Fields(value != null && value.isObject() ? value : JsonNodeFactory.instance.objectNode());
    }

    /** Returns the fields that were not read; null if there are none. */
    ObjectNode extra() {
        ObjectNode extra = JsonNodeFactory.instance.objectNode();
        left.forEach((field, value) -> {
            if (!value.isNull() && !(value.isTextual() && value.textValue().isEmpty())) {
                extra.set(Storable.text(field), Storable.json(value));
            }
        });
        return extra.isEmpty() ? null : extra;
    }

    private <T> T optional(String field, Function<JsonNode, T> type) {
        JsonNode value = left.get(field);
        T typed = value == null ? null : type.apply(value);
        boolean meansNothing = value == null
                || value.isNull()
                || (value.isTextual() && Storable.text(value.textValue()) == null)
                || (value.canConvertToInt() && value.intValue() == 0);
        if (typed != null || meansNothing) {
            left.remove(field);
        }
        return typed;
    }
}
