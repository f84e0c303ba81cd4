package tracklog.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Mutates lines of each format into what nobody should write. All of them are JSON still. */
public final class WildLines {

    private static final String PLAY = "{\"tracklog\": \"play\", \"source\": \"export\","
            + " \"played_at\": \"2024-06-24T17:43:20.5Z\", \"ms_played\": 1000, \"nth\": 0, \"kind\": \"track\","
            + " \"uri\": \"spotify:track:wild\", \"name\": \"N\", \"artist_name\": \"A\", \"album_artist_name\": \"A\","
            + " \"album_name\": \"B\", \"duration_ms\": 1000, \"isrc\": \"I\", \"explicit\": true, \"popularity\": 7,"
            + " \"context_uri\": \"spotify:album:x\", \"platform\": \"ios\", \"country\": \"SE\","
            + " \"reason_start\": \"trackdone\", \"reason_end\": \"trackdone\", \"shuffle\": true, \"skipped\": false,"
            + " \"offline\": true, \"incognito\": false, \"started_at\": 1719250999500,"
            + " \"reported_at\": \"2024-06-25T17:43:20Z\", \"extra\": {\"x\": 1}, \"details\": {\"disc_number\": 1}}";

    private static final String ACCOUNT =
            "{\"endTime\": \"2024-06-24 17:43\", \"artistName\": \"A\"," + " \"trackName\": \"N\", \"msPlayed\": 1000}";

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "0.0",
            "-1",
            "1.5",
            "180000.0",
            "1e3",
            "101",
            "32768",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-62135596800000000",
            "1719251000",
            "1719251000123",
            "99999999999999999",
            "1e999",
            "1e200000",
            "1e-200000",
            "-1e131072",
            "1e99999999999",
            "1e-99999999999",
            "0.1e-16384",
            "1".repeat(1_000),
            "1".repeat(1_001),
            "0." + "1".repeat(20_000),
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"a\\u0000b\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud83d\\udea2\"",
            "\"🚢\uFFFE\uFFFF\"",
            "\"\\\\N\"",
            "\"\\\\.\"",
            "\"\\n\\\\.\\n\"",
            "\"\\t\\r\\b\\f\\u001f\\u007f\\u0085\\u2028\"",
            "\"\\\"},{[\\\\\"",
            "\"2024-06-24T17:43:20Z\"",
            "\"2024-06-24 17:43\"",
            "\"2024-02-30T00:00:00Z\"",
            "\"2024-06-24T24:00:00Z\"",
            "\"2016-12-31T23:59:60Z\"",
            "\"+999999999-12-31T23:59:59.999999999Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"+2024-1-+1T00:00:00Z\"",
            "\"٢٠٢٤-٠٦-٢٤T١٧:٤٣:٢٠Z\"",
            "\"2024-06-24T17:43:20.123456789Z\"",
            "\"2024-06-24T17:43:20+14:00\"",
            "\"infinity\"",
            "\"epoch\"",
            "\"spotify:local:::\"",
            "\"spotify:track:\"",
            "\"recently_played\"",
            "\"account_data\"",
            "\"chapter\"",
            "[]",
            "{}",
            "[[],{}]",
            "[null]",
            "{\"\": {\"\\u0000\": 1, \"\": 2}}",
            "{\"a\": 1, \"a\": [1e400000]}",
            "{\"username\": \"x\", \"uri\": 1, \"name\": [\"\\ud800\"], \"artists\": [null, {\"name\": 5}]}",
            "[" + "0,".repeat(500) + "{\"a\\u0000\": \"\\u0000\"}]");

    private static final List<String> NAMES = List.of(
            "\"\"",
            "\"\\u0000\"",
            "\"ts\"",
            "\"extra\"",
            "\"track\"",
            "\"IP_ADDR\"",
            "\"\\ud800\"",
            "\"a\\tb\"",
            "\"rejected_because\"",
            "\"line\"",
            "\"offline_timestamp\"",
            "\"context\"",
            "\"" + "n".repeat(1_001) + "\"");

    private final Random random;

    public WildLines(long seed) {
        random = new Random(seed);
    }

    /** Returns a line of that format that is as it should be, and called good. */
    public static String good(Format format, int number) {
        return switch (format) {
            case TRACKLOG ->
                "{\"tracklog\": \"play\", \"source\": \"export\", \"kind\": \"track\", \"name\": \"good\","
                        + " \"played_at\": \""
                        + Lines.endedAt(number) + "\"}";
            case EXTENDED_HISTORY -> Lines.line(number).replace("Song", "good");
            case ACCOUNT_DATA ->
                "{\"endTime\": \""
                        + Lines.endedAt(number).toString().substring(0, 16).replace('T', ' ') + "\", \"msPlayed\": "
                        + number + ", \"trackName\": \"good\", \"artistName\": \"A\"}";
            case RECENTLY_PLAYED -> Lines.item(number).replace("Song", "good");
        };
    }

    /** Returns a mutation of a line of that format. */
    public String next(Format format, int number) {
        if (random.nextInt(500) == 0) {
            return huge();
        }
        List<String> fields = fields(
                switch (format) {
                    case TRACKLOG -> PLAY;
                    case EXTENDED_HISTORY -> Lines.line(number);
                    case ACCOUNT_DATA -> ACCOUNT;
                    case RECENTLY_PLAYED -> Lines.item(number);
                });
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(fields.size());
            String name = fields.get(at).substring(0, fields.get(at).indexOf(':'));
            switch (random.nextInt(8)) {
                case 0 -> fields.remove(at);
                case 1 -> fields.add(at, name + ":" + value());
                case 2 -> fields.add(any(NAMES) + ":" + value());
                case 3 -> fields.set(at, any(NAMES) + fields.get(at).substring(name.length()));
                default -> fields.set(at, name + ":" + value());
            }
            if (fields.isEmpty()) {
                return value();
            }
        }
        StringJoiner line = new StringJoiner(",", "{", "}");
        fields.forEach(line::add);
        return line.toString();
    }

    private String value() {
        String value = any(VALUES);
        return switch (random.nextInt(12)) {
            case 0 -> "[" + value + "," + any(VALUES) + "]";
            case 1 -> "{" + any(NAMES) + ":" + value + "}";
            case 2 -> "[".repeat(90) + value + "]".repeat(90);
            default -> value;
        };
    }

    private String huge() {
        return switch (random.nextInt(5)) {
            case 0 -> "[".repeat(9_000) + "]".repeat(9_000);
            case 1 -> "{\"ts\":[" + "{},".repeat(20_000) + "0]}";
            case 2 -> "{\"ts\":\"" + "x".repeat(600_000) + "\"}";
            case 3 -> Lines.line(0).replace("\"SE\"", "\"" + "🚢".repeat(100_000) + "\"");
            default -> value();
        };
    }

    private String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Returns the fields of the line, in the order of their names so that each is as likely to be mutated. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        try {
            DocumentReader.JSON
                    .readTree(line)
                    .properties()
                    .forEach(field -> fields.add("\"" + field.getKey() + "\":" + field.getValue()));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return fields;
    }
}
