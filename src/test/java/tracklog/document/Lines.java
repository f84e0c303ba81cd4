package tracklog.document;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Generates lines of the extended streaming history, as long as Spotify's and always the same. */
public final class Lines {

    /** Lines in one document of a long history, as Spotify splits it: about 10 MB. */
    private static final int OF_DOCUMENT = 14_000;

    private static final int OF_DAY = 100;
    private static final int SECONDS = 200;
    private static final Instant FIRST = Instant.parse("2011-03-01T06:00:00Z");

    private static final String[] PLATFORMS = {
        "Android OS 5.0 API 21 (samsung, SM-G900F)",
        "iOS 10.2 (iPhone8,4)",
        "android",
        "ios",
        "web_player windows 10;firefox 115.0"
    };

    private Lines() {}

    /** Returns the end of a play. There are a hundred plays a day, one after another. */
    public static Instant endedAt(int number) {
        return FIRST.plus(Duration.ofDays(number / OF_DAY)).plusSeconds((long) number % OF_DAY * SECONDS);
    }

    /** Returns the track of a play. Tracks repeat as in a real history: a few often, many once. */
    public static int track(int number) {
        return (int) (number % 7 == 0 ? number : (long) number * number % 2_003);
    }

    public static String uri(int track) {
        return "spotify:track:" + (10_000_000_000L + track) + "abcdefghijk";
    }

    public static String platform(int number) {
        return PLATFORMS[number / 100_000 % PLATFORMS.length];
    }

    /** Returns the {@code ms_played} of a play. */
    public static int milliseconds(int number) {
        return 1_000 + number % 240_000;
    }

    /** Returns the line with that number. Each line is a different play. */
    public static String line(int number) {
        int track = track(number);
        // Concatenated, because a format string would take longer than the import.
        return "{\"ts\": \"" + endedAt(number) + "\", \"platform\": \"" + platform(number) + "\", \"ms_played\": "
                + milliseconds(number) + ", \"conn_country\": \"SE\", \"ip_addr\": \"198.51.100.7\""
                + ", \"master_metadata_track_name\": \"Song " + track
                + "\", \"master_metadata_album_artist_name\": \"Artist " + track % 501
                + "\", \"master_metadata_album_album_name\": \"Album " + track % 1_009
                + " of the artist\", \"spotify_track_uri\": \"" + uri(track)
                + "\", \"episode_name\": null, \"episode_show_name\": null"
                + ", \"spotify_episode_uri\": null, \"audiobook_title\": null, \"audiobook_uri\": null"
                + ", \"audiobook_chapter_uri\": null, \"audiobook_chapter_title\": null"
                + ", \"reason_start\": \"trackdone\", \"reason_end\": \"" + (number % 3 == 0 ? "fwdbtn" : "trackdone")
                + "\", \"shuffle\": " + (number % 2 == 0) + ", \"skipped\": " + (number % 3 == 0)
                + ", \"offline\": false, \"offline_timestamp\": "
                + (endedAt(number).getEpochSecond() - 170) + ", \"incognito_mode\": false}";
    }

    /** Returns the same play as Spotify's API reports it. */
    public static String item(int number) {
        int track = track(number);
        String artists = "[{\"name\": \"Artist " + track % 501 + "\"}]";
        return "{\"played_at\": \"" + polledAt(number) + "\", \"context\": null, \"track\": {\"uri\": \"" + uri(track)
                + "\", \"name\": \"Song " + track + "\", \"duration_ms\": 241000, \"artists\": " + artists
                + ", \"album\": {\"name\": \"Album " + track % 1_009 + " of the artist\", \"artists\": " + artists
                + "}}}";
    }

    /** Returns the end of a play as the API reports it, in milliseconds. */
    public static Instant polledAt(int number) {
        return endedAt(number).plusMillis(400);
    }

    /** Returns a document with a range of lines; the end is exclusive. */
    public static String array(int from, int to) {
        StringBuilder array = new StringBuilder("[");
        for (int i = from; i < to; i++) {
            array.append(i > from ? ",\n" : "").append(line(i));
        }
        return array.append("]").toString();
    }

    /** Writes a document that is too long for the memory. */
    public static void write(int from, int to, OutputStream out) throws IOException {
        write(IntStream.range(from, to), out);
    }

    public static void write(IntStream numbers, OutputStream out) throws IOException {
        String before = "[";
        for (PrimitiveIterator.OfInt each = numbers.iterator(); each.hasNext(); before = ",\n") {
            out.write((before + line(each.nextInt())).getBytes(StandardCharsets.UTF_8));
        }
        out.write(']');
    }

    /** Writes the first lines as Spotify sends them: a ZIP of consecutive documents. */
    public static void zip(int lines, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            for (int from = 0; from < lines; from += OF_DOCUMENT) {
                zip.putNextEntry(new ZipEntry("Spotify Extended Streaming History/Streaming_History_Audio_"
                        + endedAt(from).toString().substring(0, 4) + "_" + from / OF_DOCUMENT + ".json"));
                write(from, Math.min(lines, from + OF_DOCUMENT), zip);
                zip.closeEntry();
            }
        }
    }
}
