package tracklog.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** One line in the text format of PostgreSQL's {@code COPY}. */
final class CopyLine {

    /** The columns of {@code staged_line} that a document can fill. */
    private static final List<String> COLUMNS = List.of(
            "position",
            "source",
            "played_at",
            "ms_played",
            "nth",
            "kind",
            "uri",
            "name",
            "artist_name",
            "album_artist_name",
            "album_name",
            "duration_ms",
            "isrc",
            "explicit",
            "popularity",
            "context_uri",
            "platform",
            "country",
            "reason_start",
            "reason_end",
            "shuffle",
            "skipped",
            "offline",
            "offline_at",
            "incognito",
            "extra",
            "rejected_because",
            "line");

    static final String COPY = "copy staged_line (" + String.join(", ", COLUMNS) + ") from stdin";

    private CopyLine() {}

    static void append(ObjectNode columns, StringBuilder copy) {
        for (int i = 0; i < COLUMNS.size(); i++) {
            if (i > 0) {
                copy.append('\t');
            }
            JsonNode value = columns.get(COLUMNS.get(i));
            if (value == null || value.isNull()) {
                copy.append("\\N");
            } else {
                // A number or a truth value as itself; what is left is JSON.
                escape(value.isValueNode() ? value.asText() : value.toString(), copy);
            }
        }
        copy.append('\n');
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
