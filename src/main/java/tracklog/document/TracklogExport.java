package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A line of a document that Tracklog itself exported: a play with all that is known of it, or a rejected line. */
final class TracklogExport {

    static final Set<String> SOURCES = Set.of("recently_played", "account_data", "export");
    private static final Set<String> KINDS = Set.of("track", "episode", "chapter", "local");
    private static final List<String> TEXTS = List.of(
            "artist_name",
            "album_artist_name",
            "album_name",
            "isrc",
            "context_uri",
            "platform",
            "country",
            "reason_start",
            "reason_end");
    private static final List<String> FLAGS = List.of("explicit", "shuffle", "skipped", "offline", "incognito");

    private TracklogExport() {}

    static void read(Fields line, ObjectNode columns) throws InvalidLineException {
        line.text("tracklog");
        columns.put("source", one(SOURCES, line, "source"));
        String rejectedBecause = line.text("rejected_because");
        String rejected = line.text("line");
        if (rejectedBecause != null) {
            columns.put("rejected_because", rejectedBecause);
            columns.put("line", Objects.toString(rejected, ""));
            return;
        }
        Instant playedAt = line.moment("played_at");
        columns.put("played_at", playedAt.toString());
        columns.put("ms_played", line.milliseconds("ms_played"));
        columns.put("nth", line.number("nth", Short.MAX_VALUE));
        columns.put("kind", one(KINDS, line, "kind"));
        String uri = line.text("uri");
        String name = line.text("name");
        if (uri == null && name == null) {
            throw new InvalidLineException("it names no track, episode or chapter");
        }
        columns.put("uri", uri);
        columns.put("name", name);
        TEXTS.forEach(field -> columns.put(field, line.text(field)));
        FLAGS.forEach(field -> columns.put(field, line.flag(field)));
        columns.put("duration_ms", line.number("duration_ms", Integer.MAX_VALUE));
        columns.put("popularity", line.number("popularity", 100));
        columns.put("started_at", Objects.toString(line.moment("started_at", start -> !start.isAfter(playedAt)), null));
        columns.put("offline_timestamp", Objects.toString(line.moment("offline_timestamp", told -> true), null));
        columns.put(
                "reported_at",
                Objects.toString(line.moment("reported_at", report -> !report.isBefore(playedAt)), null));
        for (String field : List.of("details", "extra")) {
            JsonNode object = line.get(field);
            columns.set(field, object.isObject() && !object.isEmpty() ? object : null);
        }
    }

    private static String one(Set<String> known, Fields line, String field) throws InvalidLineException {
        String value = line.text(field);
        if (value == null || !known.contains(value)) {
            throw new InvalidLineException(field + " is none that Tracklog knows");
        }
        return value;
    }
}
