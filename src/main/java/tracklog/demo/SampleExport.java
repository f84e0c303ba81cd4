package tracklog.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tracklog.demo.MadeUpListening.Play;
import tracklog.demo.MadeUpListening.Song;

/** Generates an extended streaming history in a ZIP like that of Spotify. */
record SampleExport(MadeUpListening listening) {

    private static final Duration REACHES_BACK = Duration.ofDays(3 * 365);

    /** The export ends this long before now. The stand-in for the API returns older plays too, so both overlap. */
    private static final Duration ENDED = Duration.ofMinutes(30);

    /** Returns the content of {@code my_spotify_data.zip}. */
    public byte[] zip() throws IOException {
        Instant end = Instant.now().minus(ENDED);
        Map<Integer, List<Play>> byYear = listening.between(end.minus(REACHES_BACK), end).stream()
                .collect(Collectors.groupingBy(
                        play -> play.endedAt().atZone(ZoneOffset.UTC).getYear(), TreeMap::new, Collectors.toList()));
        ObjectMapper json = new ObjectMapper();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, UTF_8)) {
            int number = 0;
            for (Map.Entry<Integer, List<Play>> year : byYear.entrySet()) {
                zip.putNextEntry(new ZipEntry("Spotify Extended Streaming History/Streaming_History_Audio_"
                        + year.getKey() + "_" + number++ + ".json"));
                zip.write(json.writeValueAsBytes(
                        year.getValue().stream().map(SampleExport::line).toList()));
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, Object> line(Play play) {
        Song song = play.song();
        boolean episode = song.isEpisode();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("ts", play.endedAt().truncatedTo(ChronoUnit.SECONDS).toString());
        line.put("platform", play.shuffle() ? "android" : "linux");
        line.put("ms_played", play.msPlayed());
        line.put("conn_country", "SE");
        line.put("ip_addr", "198.51.100.7");
        line.put("master_metadata_track_name", episode ? null : song.name());
        line.put("master_metadata_album_artist_name", episode ? null : song.artist());
        line.put("master_metadata_album_album_name", episode ? null : song.album());
        line.put("spotify_track_uri", episode ? null : song.uri());
        line.put("episode_name", episode ? song.name() : null);
        line.put("episode_show_name", episode ? song.artist() : null);
        line.put("spotify_episode_uri", episode ? song.uri() : null);
        line.put("audiobook_title", null);
        line.put("audiobook_uri", null);
        line.put("audiobook_chapter_uri", null);
        line.put("audiobook_chapter_title", null);
        line.put("reason_start", "trackdone");
        line.put("reason_end", play.isWhole() ? "trackdone" : "fwdbtn");
        line.put("shuffle", play.shuffle());
        line.put("skipped", !play.isWhole());
        line.put("offline", false);
        line.put(
                "offline_timestamp", play.endedAt().minusMillis(play.msPlayed()).getEpochSecond());
        line.put("incognito_mode", false);
        return line;
    }
}
