package tracklog.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** A line of the extended streaming history, in the layouts of 2021 ({@code endsong}) and today, audio and video. */
public final class ExtendedHistory {

    /** The fields that name what was played. A show or an audiobook is both artist and album. */
    private record Content(String kind, String uri, String name, String artist, String album) {

        boolean isIn(ObjectNode columns) {
            String stored = columns.path("kind").asText();
            return stored.equals(kind) || (stored.equals("local") && kind.equals("track"));
        }
    }

    /** In the order in which they count, where a line has the fields of several. */
    private static final List<Content> CONTENTS = List.of(
            new Content(
                    "track",
                    "spotify_track_uri",
                    "master_metadata_track_name",
                    "master_metadata_album_artist_name",
                    "master_metadata_album_album_name"),
            new Content(
                    "chapter",
                    "audiobook_chapter_uri",
                    "audiobook_chapter_title",
                    "audiobook_title",
                    "audiobook_title"),
            new Content("episode", "spotify_episode_uri", "episode_name", "episode_show_name", "episode_show_name"));

    /** A field and its column. */
    private record Circumstance(String field, String column) {}

    private static final List<Circumstance> TEXTS = List.of(
            new Circumstance("platform", "platform"),
            new Circumstance("conn_country", "country"),
            new Circumstance("reason_start", "reason_start"),
            new Circumstance("reason_end", "reason_end"));

    private static final List<Circumstance> FLAGS = List.of(
            new Circumstance("shuffle", "shuffle"),
            new Circumstance("skipped", "skipped"),
            new Circumstance("offline", "offline"),
            new Circumstance("incognito_mode", "incognito"));

    private static final Duration LONGEST_OFFLINE = Duration.ofDays(400);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private ExtendedHistory() {}

    static void read(Fields line, ObjectNode columns) throws InvalidLineException {
        Instant reportedAt = line.moment("ts");
        Integer length = line.milliseconds("ms_played");
        readContent(line, columns);
        TEXTS.forEach(text -> columns.put(text.column, line.text(text.field)));
        FLAGS.forEach(flag -> columns.put(flag.column, line.flag(flag.field)));
        Instant told = line.moment("offline_timestamp", start -> true);
        Instant startedAt = told != null && isBelieved(told, length, reportedAt) ? told : null;
        boolean offline = columns.path("offline").asBoolean() && startedAt != null && length != null;
        // A play cannot end after it is reported: clocks that differ a little are forgiven.
        Instant end = offline ? startedAt.plusMillis(length) : reportedAt;
        columns.put("played_at", (end.isBefore(reportedAt) ? end : reportedAt).toString());
        columns.put("ms_played", length);
        columns.put("started_at", Objects.toString(startedAt, null));
        columns.put("offline_timestamp", startedAt == null ? Objects.toString(told, null) : null);
        columns.put("reported_at", offline ? reportedAt.toString() : null);
    }

    /** The field may be stuck, or hold anything. A play starts before it ends, and is reported within a year or so. */
    private static boolean isBelieved(Instant start, Integer length, Instant reportedAt) {
        return !start.isAfter(reportedAt)
                && !start.isBefore(reportedAt.minus(LONGEST_OFFLINE))
                && !start.plusMillis(length == null ? 0 : length).isAfter(reportedAt.plus(GRACE));
    }

    private static void readContent(Fields line, ObjectNode columns) throws InvalidLineException {
        for (Content content : CONTENTS) {
            String uri = line.text(content.uri);
            String name = line.text(content.name);
            if (uri != null || name != null) {
                boolean local = uri != null && uri.startsWith("spotify:local:") && content.kind.equals("track");
                String album = line.text(content.album);
                columns.put("kind", local ? "local" : content.kind);
                columns.put("uri", uri);
                columns.put("name", name);
                columns.put(
                        "album_artist_name", content.artist.equals(content.album) ? album : line.text(content.artist));
                columns.put("album_name", album);
                return;
            }
        }
        throw new InvalidLineException("it names no track, episode or chapter");
    }

    /** Returns the line of today's layout for these columns, as far as the layout holds them. */
    public static ObjectNode write(ObjectNode columns) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.set("ts", columns.get(columns.hasNonNull("reported_at") ? "reported_at" : "played_at"));
        line.set("ms_played", columns.get("ms_played"));
        for (Content content : CONTENTS) {
            boolean played = content.isIn(columns);
            line.set(content.uri, played ? columns.get("uri") : null);
            line.set(content.name, played ? columns.get("name") : null);
            line.set(content.artist, played ? columns.get("album_artist_name") : null);
            line.set(content.album, played ? columns.get("album_name") : null);
        }
        TEXTS.forEach(text -> line.set(text.field, columns.get(text.column)));
        FLAGS.forEach(flag -> line.set(flag.field, columns.get(flag.column)));
        line.put(
                "offline_timestamp",
                epoch(columns.path(columns.hasNonNull("started_at") ? "started_at" : "offline_timestamp")
                        .textValue()));
        if (columns.get("extra") instanceof ObjectNode extra) {
            line.setAll(extra);
        }
        return line;
    }

    /** Returns seconds where they are exact, as Spotify writes them today; else milliseconds. */
    private static Long epoch(String moment) {
        if (moment == null) {
            return null;
        }
        Instant instant = Instant.parse(moment);
        return instant.getNano() == 0 ? instant.getEpochSecond() : instant.toEpochMilli();
    }
}
