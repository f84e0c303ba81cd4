package tracklog.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tracklog.store.SqlFiles;

/**
 * Writes lines in the text format of PostgreSQL's {@code COPY}.
 *
 * <p>A history repeats its tracks. A track's names are sent once and then replaced by a number, which saves the
 * database most of the text, and the merge most of its hashes.
 */
public final class CopyLine {

    static final String COPY = SqlFiles.read("copy-staged-lines");

    /** The columns that every line fills, then {@code spelling}, then those that only the first line with it fills. */
    private static final List<String> ALL =
            List.of(COPY.replaceAll("(?s).*\\(|\\).*|\\s", "").split(",", -1));

    private static final List<String> COLUMNS = ALL.subList(0, ALL.indexOf("spelling"));
    private static final List<String> SPELLING = ALL.subList(ALL.indexOf("spelling") + 1, ALL.size());

    private static final String NONE = "\t\\N".repeat(SPELLING.size());

    /** The cache size. An evicted spelling is sent again under a new number. */
    private static final int MOST_SPELLINGS = 20_000;

    private final Map<String, Integer> spellings = new HashMap<>();
    private final StringBuilder spelling = new StringBuilder();
    private int last;

    public void append(ObjectNode columns, StringBuilder copy) {
        append(COLUMNS, columns, copy);
        if (columns.has("rejected_because")) {
            copy.append("\\N").append(NONE).append('\n');
            return;
        }
        spelling.setLength(0);
        append(SPELLING, columns, spelling);
        String names = spelling.append(columns.get("kind").textValue()).toString();
        Integer known = spellings.get(names);
        if (known != null) {
            copy.append(known.intValue()).append(NONE).append('\n');
            return;
        }
        if (spellings.size() == MOST_SPELLINGS) {
            spellings.clear();
        }
        spellings.put(names, ++last);
        copy.append(last);
        for (String column : SPELLING) {
            copy.append('\t');
            append(columns.get(column), copy);
        }
        copy.append('\n');
    }

    private static void append(List<String> names, ObjectNode columns, StringBuilder copy) {
        for (String name : names) {
            append(columns.get(name), copy);
            copy.append('\t');
        }
    }

    private static void append(JsonNode value, StringBuilder copy) {
        if (value == null || value.isNull()) {
            copy.append("\\N");
        } else {
            // Numbers, booleans and texts are written as such, all other values as JSON.
            escape(value.isValueNode() ? value.asText() : value.toString(), copy);
        }
    }

    private static void escape(String text, StringBuilder copy) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> copy.append("\\\\");
                case '\t' -> copy.append("\\t");
                case '\n' -> copy.append("\\n");
                case '\r' -> copy.append("\\r");
                default -> copy.append(c);
            }
        }
    }
}
