package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.function.Predicate;

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

    private final ObjectNode left;

    /**
     * Takes an object that {@link Storable} has read, and empties it.
     *
     * @throws InvalidLineException if the line is no object
     */
    Fields(JsonNode line) throws InvalidLineException {
        if (!(line instanceof ObjectNode object)) {
            throw new InvalidLineException("not an object");
        }
        left = object;
    }

    /** Returns the fields of an object within; none of any other value. */
    Fields object(String field) throws InvalidLineException {
        return new Fields(
                left.remove(field) instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    /** Returns the fields of the first element of the array in that field. */
    Fields first(String field) throws InvalidLineException {
        JsonNode first = left.path(field).get(0);
        return new Fields(first instanceof ObjectNode ? first : JsonNodeFactory.instance.objectNode());
    }

    /** Returns the value of that field as it stands; one of no kind where it is missing. */
    JsonNode get(String field) {
        return left.path(field);
    }

    /** Returns the text; null where it is missing or empty. */
    String text(String field) {
        return optional(field, value -> value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null);
    }

    Boolean flag(String field) {
        return optional(field, value -> value.isBoolean() ? value.booleanValue() : null);
    }

    Integer number(String field, int most) {
        return optional(field, value -> {
            Long number = whole(value);
            return number != null && number >= 0 && number <= most ? number.intValue() : null;
        });
    }

    /** Returns a moment from ISO 8601 or from seconds or milliseconds since 1970; null where it is missing or odd. */
    Instant moment(String field, Predicate<Instant> isBelieved) {
        return optional(field, value -> {
            Long number = whole(value);
            Instant moment = number == null
                    ? value.isTextual() ? parse(value.textValue()) : null
                    : Instant.ofEpochMilli(number >= 0 && number < 100_000_000_000L ? number * 1000 : number);
            return moment != null && isInRange(moment) && isBelieved.test(moment) ? moment : null;
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
        Long number = whole(value);
        if (number == null && !value.isBigInteger()) {
            throw new InvalidLineException(field + " is no whole number");
        }
        if (number == null || number < 0 || number > Integer.MAX_VALUE) {
            throw new InvalidLineException(field + " is out of range");
        }
        return number.intValue();
    }

    /**
     * Returns the moment of the play, from ISO 8601 or the format of account data, {@code 2024-06-24 17:43} in UTC.
     *
     * @throws InvalidLineException if it is missing, not a moment or out of range
     */
    Instant moment(String field) throws InvalidLineException {
        if (!(left.remove(field) instanceof TextNode text)) {
            throw new InvalidLineException(field + " is missing or no text");
        }
        Instant moment = parse(text.textValue());
        if (moment == null) {
            throw new InvalidLineException(field + " is no date and time");
        }
        if (!isInRange(moment)) {
            throw new InvalidLineException(field + " is out of range");
        }
        return moment;
    }

    private static boolean isInRange(Instant moment) {
        return !moment.isBefore(EARLIEST) && moment.isBefore(LATEST);
    }

    private static Instant parse(String text) {
        try {
            // Spotify's own format is read by hand, because the formatter takes ten times as long.
            return text.length() == 20 && text.charAt(19) == 'Z' && text.charAt(10) == 'T'
                    ? LocalDateTime.of(
                                    digits(text, 0, 4),
                                    digits(text, 5, 7),
                                    digits(text, 8, 10),
                                    digits(text, 11, 13),
                                    digits(text, 14, 16),
                                    digits(text, 17, 19))
                            .toInstant(ZoneOffset.UTC)
                    : text.length() == 16
                            ? LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC)
                            : Instant.parse(text);
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** Returns a number without a fraction, however it is written; null for all other values. */
    private static Long whole(JsonNode value) {
        try {
            return value.canConvertToLong() ? Long.valueOf(value.decimalValue().longValueExact()) : null;
        } catch (ArithmeticException e) {
            return null;
        }
    }

    /** Returns the fields that were not read; null if there are none. */
    ObjectNode extra() {
        left.properties().removeIf(field -> meansNothing(field.getValue()));
        return left.isEmpty() ? null : left;
    }

    private <T> T optional(String field, Function<JsonNode, T> type) {
        JsonNode value = left.get(field);
        if (value == null) {
            return null;
        }
        T typed = type.apply(value);
        if (typed != null || meansNothing(value) || (value.isLong() && value.longValue() == 0)) {
            left.remove(field);
        }
        return typed;
    }

    private static boolean meansNothing(JsonNode value) {
        return value.isNull() || (value.isTextual() && value.textValue().isEmpty());
    }
}
