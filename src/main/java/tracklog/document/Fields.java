package tracklog.document;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
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

    private String[] names = new String[32];
    private Object[] values = new Object[32];
    private int size;
    private int next = -1;

    /**
     * Takes the place of the fields read before.
     *
     * @throws InvalidLineException if the line is no object
     */
    Fields read(JsonParser parser) throws IOException, InvalidLineException {
        size = 0;
        next = -1;
        JsonToken start = parser.nextToken();
        if (start == JsonToken.START_OBJECT) {
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                add(name, value(parser, parser.nextToken()));
            }
        }
        // The parser looks at a value when it is asked for what follows.
        while (parser.nextToken() != null) {}
        if (start == null) {
            throw new JsonParseException(parser, "a value is missing");
        }
        if (start != JsonToken.START_OBJECT) {
            throw new InvalidLineException("not an object");
        }
        return this;
    }

    /** Returns the fields of an object that {@link Storable} has read; none of any other value. */
    static Fields of(JsonNode object) {
        Fields fields = new Fields();
        object.properties()
                .forEach(field -> fields.add(
                        field.getKey(),
                        switch (field.getValue().getNodeType()) {
                            case STRING -> field.getValue().textValue();
                            case BOOLEAN -> field.getValue().booleanValue();
                            case NULL -> null;
                            default -> field.getValue();
                        }));
        return fields;
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? Storable.json(parser)
                        : (Object) parser.getLongValue();
            default -> Storable.json(parser);
        };
    }

    private void add(String name, Object value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        names[size] = name;
        values[size++] = value;
    }

    boolean has(String field) {
        return find(field) >= 0;
    }

    /** Returns the storable text; null where it is missing or empty. */
    String text(String field) {
        return optional(field, value -> value instanceof String text ? Storable.text(text) : null);
    }

    Boolean flag(String field) {
        return optional(field, value -> value instanceof Boolean flag ? flag : null);
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
                    ? value instanceof String text ? parse(text) : null
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
        Object value = remove(field);
        if (value == null) {
            return null;
        }
        Long number = whole(value);
        if (number == null && !(value instanceof JsonNode node && node.isIntegralNumber())) {
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
        if (!(remove(field) instanceof String text)) {
            throw new InvalidLineException(field + " is missing or no text");
        }
        Instant moment = parse(text);
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

    private static Long whole(Object value) {
        if (value instanceof NumericNode number) {
            try {
                return number.decimalValue().longValueExact();
            } catch (ArithmeticException e) {
                return null;
            }
        }
        return value instanceof Long number ? number : null;
    }

    /** Returns the value of the field, storable; a missing one is none of its kinds. */
    JsonNode json(String field) {
        return remove(field) instanceof JsonNode value ? value : MissingNode.getInstance();
    }

    /** Returns the fields that were not read; null if there are none. */
    ObjectNode extra() {
        ObjectNode extra = null;
        for (int i = 0; i < size; i++) {
            Object value = values[i];
            if (names[i] != null && value != null && !value.equals("") && !Storable.isPersonal(names[i])) {
                extra = extra == null ? JsonNodeFactory.instance.objectNode() : extra;
                extra.set(Storable.name(names[i]), node(value));
            }
        }
        return extra;
    }

    private static JsonNode node(Object value) {
        return value instanceof String text
                ? TextNode.valueOf(Storable.name(text))
                : value instanceof Long number
                        ? LongNode.valueOf(number)
                        : value instanceof Boolean flag ? BooleanNode.valueOf(flag) : (JsonNode) value;
    }

    private <T> T optional(String field, Function<Object, T> type) {
        int at = find(field);
        Object value = at < 0 ? null : values[at];
        T typed = value == null ? null : type.apply(value);
        boolean meansNothing = value == null
                || (value instanceof String text && Storable.text(text) == null)
                || (value instanceof Long number && number == 0);
        if (at >= 0 && (typed != null || meansNothing)) {
            names[at] = null;
        }
        return typed;
    }

    private Object remove(String field) {
        int at = find(field);
        if (at < 0) {
            return null;
        }
        names[at] = null;
        return values[at];
    }

    /** Goes on where it found the field before: fields are read much in the order in which they stand. */
    private int find(String field) {
        for (int i = 0; i < size; i++) {
            next = next + 1 < size ? next + 1 : 0;
            if (field.equals(names[next])) {
                return next;
            }
        }
        return -1;
    }
}
