package tracklog.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** A line of the extended streaming history, in the layouts of 2021 ({@code endsong}) and today, audio and video. */
final class ExtendedHistory {

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
