package tracklog.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import tracklog.store.SqlFiles;

/**
 * Writes lines in the text format of PostgreSQL's {@code COPY}.
 *
 * <p>A history repeats its tracks and circumstances. What describes them is sent once and then replaced by a number,
 * which saves the database most of the text, and the merge most of its hashes.
 */
record CopyLine(long importId, int listenerId, Dictionary dictionary) {

    static final String COPY = SqlFiles.read("copy-staged-lines");

    private static final List<String> ALL =
            List.of(COPY.replaceAll("(?s).*\\(|\\).*|\\s", "").split(",", -1));

    /** The columns after {@code listener_id}, which every line fills. */
    private static final String[] COLUMNS = between("listener_id", "spelling");

    /** The columns that only the first line with the number fills. */
    private static final String[] SPELLING = between("spelling", "circumstance");

    private static final String[] CIRCUMSTANCE = between("circumstance", null);

    private static final String NULL = "\t\\N";
    private static final String NO_SPELLING = NULL.repeat(SPELLING.length);
    private static final String NO_CIRCUMSTANCE = NULL.repeat(CIRCUMSTANCE.length);
    private static final String REJECTED = NULL + NO_SPELLING + NULL + NO_CIRCUMSTANCE;

    void append(ObjectNode columns, StringBuilder copy) {
        copy.append(importId).append('\t').append(listenerId);
        for (String column : COLUMNS) {
            append(columns.get(column), copy);
        }
        if (columns.has("rejected_because")) {
            copy.append(REJECTED);
        } else {
            append(SPELLING, NO_SPELLING, columns, copy);
            append(CIRCUMSTANCE, NO_CIRCUMSTANCE, columns, copy);
        }
        copy.append('\n');
    }

    private void append(String[] names, String nothing, ObjectNode columns, StringBuilder copy) {
        StringBuilder values = new StringBuilder(256);
        for (String name : names) {
            append(columns.get(name), values);
        }
        String text = values.toString();
        if (text.equals(nothing)) {
            copy.append(NULL).append(nothing);
            return;
        }
        int number = dictionary.number(text);
        copy.append('\t').append(Math.abs(number)).append(number < 0 ? text : nothing);
    }

    private static String[] between(String before, String after) {
        return ALL.subList(ALL.indexOf(before) + 1, after == null ? ALL.size() : ALL.indexOf(after))
                .toArray(String[]::new);
    }

    private static void append(JsonNode value, StringBuilder copy) {
        if (value == null || value.isNull()) {
            copy.append(NULL);
            return;
        }
        // Numbers, booleans and texts are written as such, all other values as JSON.
        String text = value.isValueNode() ? value.asText() : value.toString();
        copy.append('\t').append(isPlain(text) ? text : escaped(text));
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
