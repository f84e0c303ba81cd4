package tracklog.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** A line of the extended streaming history, in the layouts of 2021 ({@code endsong}) and today, audio and video. */
public final class ExtendedHistory {

    private ExtendedHistory() {}

    static void read(Fields line, ObjectNode columns) throws InvalidLineException {
        columns.put("played_at", line.moment("ts").toString());
        columns.put("ms_played", line.milliseconds("ms_played"));
        content(line, columns);
        columns.put("platform", line.text("platform"));
        columns.put("country", line.text("conn_country"));
        columns.put("reason_start", line.text("reason_start"));
        columns.put("reason_end", line.text("reason_end"));
        columns.put("shuffle", line.flag("shuffle"));
        columns.put("skipped", line.flag("skipped"));
        columns.put("offline", line.flag("offline"));
        Instant offlineAt = line.epoch("offline_timestamp");
        columns.put("offline_at", offlineAt == null ? null : offlineAt.toString());
        columns.put("incognito", line.flag("incognito_mode"));
    }

    /** The line of today's layout that says these columns, as far as it can; without the personal fields. */
    public static ObjectNode write(ObjectNode columns) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        String kind = columns.path("kind").asText();
        boolean music = kind.equals("track") || kind.equals("local");
        boolean episode = kind.equals("episode");
        boolean chapter = kind.equals("chapter");
        line.set("ts", columns.get("played_at"));
        line.set("platform", columns.get("platform"));
        line.set("ms_played", columns.get("ms_played"));
        line.set("conn_country", columns.get("country"));
        line.set("master_metadata_track_name", music ? columns.get("name") : null);
        line.set("master_metadata_album_artist_name", music ? columns.get("album_artist_name") : null);
        line.set("master_metadata_album_album_name", music ? columns.get("album_name") : null);
        line.set("spotify_track_uri", music ? columns.get("uri") : null);
        line.set("episode_name", episode ? columns.get("name") : null);
        line.set("episode_show_name", episode ? columns.get("album_name") : null);
        line.set("spotify_episode_uri", episode ? columns.get("uri") : null);
        line.set("audiobook_title", chapter ? columns.get("album_name") : null);
        line.set("audiobook_uri", null);
        line.set("audiobook_chapter_uri", chapter ? columns.get("uri") : null);
        line.set("audiobook_chapter_title", chapter ? columns.get("name") : null);
        line.set("reason_start", columns.get("reason_start"));
        line.set("reason_end", columns.get("reason_end"));
        line.set("shuffle", columns.get("shuffle"));
        line.set("skipped", columns.get("skipped"));
        line.set("offline", columns.get("offline"));
        line.put("offline_timestamp", epoch(columns.path("offline_at").textValue()));
        line.set("incognito_mode", columns.get("incognito"));
        if (columns.get("extra") instanceof ObjectNode extra) {
            line.setAll(extra);
        }
        return line;
    }

    /** In seconds where that is exact, as Spotify does today; else in milliseconds. */
    private static Long epoch(String moment) {
        if (moment == null) {
            return null;
        }
        Instant instant = Instant.parse(moment);
        return instant.getNano() == 0 ? instant.getEpochSecond() : instant.toEpochMilli();
    }

    private static void content(Fields line, ObjectNode columns) throws InvalidLineException {
        String trackUri = line.text("spotify_track_uri");
        String track = line.text("master_metadata_track_name");
        if (trackUri != null || track != null) {
            boolean local = trackUri != null && trackUri.startsWith("spotify:local:");
            put(columns, local ? "local" : "track", trackUri, track);
            columns.put("album_artist_name", line.text("master_metadata_album_artist_name"));
            columns.put("album_name", line.text("master_metadata_album_album_name"));
            return;
        }
        String chapterUri = line.text("audiobook_chapter_uri");
        String chapter = line.text("audiobook_chapter_title");
        if (chapterUri != null || chapter != null) {
            put(columns, "chapter", chapterUri, chapter);
            collection(columns, line.text("audiobook_title"));
            return;
        }
        String episodeUri = line.text("spotify_episode_uri");
        String episode = line.text("episode_name");
        if (episodeUri != null || episode != null) {
            put(columns, "episode", episodeUri, episode);
            collection(columns, line.text("episode_show_name"));
            return;
        }
        throw new InvalidLineException("it names no track, episode or chapter");
    }

    private static void put(ObjectNode columns, String kind, String uri, String name) {
        columns.put("kind", kind);
        columns.put("uri", uri);
        columns.put("name", name);
    }

    /** A show or an audiobook is both the album and, as far as Spotify says, the artist. */
    private static void collection(ObjectNode columns, String name) {
        columns.put("album_artist_name", name);
        columns.put("album_name", name);
    }
}
