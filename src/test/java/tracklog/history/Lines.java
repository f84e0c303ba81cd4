package tracklog.history;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Generated lines of the extended streaming history, as long as Spotify's and always the same. */
final class Lines {

    private static final Instant FIRST = Instant.parse("2011-03-01T06:00:00Z");

    private Lines() {}

    /** The line with that number; each one another play. */
    static String line(int number) {
        // So that tracks repeat as they do in a real history: a few often, many once.
        int track = (int) (number % 7 == 0 ? number : (long) number * number % 2_003);
        // By hand, because a format string would take longer than the import.
        return "{\"ts\": \"" + FIRST.plusSeconds(number * 180L) + "\", \"platform\": \"ios\", \"ms_played\": "
                + milliseconds(number) + ", \"conn_country\": \"SE\", \"ip_addr\": \"198.51.100.7\""
                + ", \"master_metadata_track_name\": \"Song " + track
                + "\", \"master_metadata_album_artist_name\": \"Artist " + track % 501
                + "\", \"master_metadata_album_album_name\": \"Album " + track % 1_009
                + " of the artist\", \"spotify_track_uri\": \"spotify:track:" + (10_000_000_000L + track)
                + "abcdefghijk\", \"episode_name\": null, \"episode_show_name\": null"
                + ", \"spotify_episode_uri\": null, \"audiobook_title\": null, \"audiobook_uri\": null"
                + ", \"audiobook_chapter_uri\": null, \"audiobook_chapter_title\": null"
                + ", \"reason_start\": \"trackdone\", \"reason_end\": \"" + (number % 3 == 0 ? "fwdbtn" : "trackdone")
                + "\", \"shuffle\": " + (number % 2 == 0) + ", \"skipped\": " + (number % 3 == 0)
                + ", \"offline\": false, \"offline_timestamp\": "
                + FIRST.plusSeconds(number * 180L - 170).getEpochSecond() + ", \"incognito_mode\": false}";
    }

    /** Its {@code ms_played}. */
    static int milliseconds(int number) {
        return 1_000 + number % 240_000;
    }

    /** A document of the lines from one number to before another. */
    static String array(int from, int to) {
        StringBuilder array = new StringBuilder("[");
        for (int i = from; i < to; i++) {
            array.append(i > from ? ",\n" : "").append(line(i));
        }
        return array.append("]").toString();
    }

    /** The same for one that is too long to hold. */
    static void write(int from, int to, OutputStream out) throws IOException {
        out.write('[');
        for (int i = from; i < to; i++) {
            out.write(((i > from ? ",\n" : "") + line(i)).getBytes(StandardCharsets.UTF_8));
        }
        out.write(']');
    }
}
