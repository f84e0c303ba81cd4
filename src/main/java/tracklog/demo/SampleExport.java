package tracklog.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tracklog.demo.MadeUpListening.Play;
import tracklog.demo.MadeUpListening.Song;
import tracklog.document.ExtendedHistory;

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

    private static ObjectNode line(Play play) {
        Song song = play.song();
        Instant startedAt = play.endedAt().minusMillis(play.msPlayed());
        ObjectNode columns = JsonNodeFactory.instance
                .objectNode()
                .put("kind", song.isEpisode() ? "episode" : "track")
                .put("uri", song.uri())
                .put("name", song.name())
                .put("album_artist_name", song.artist())
                .put("album_name", song.isEpisode() ? song.artist() : song.album())
                .put("played_at", play.endedAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("ms_played", play.msPlayed())
                .put("platform", play.shuffle() ? "android" : "linux")
                .put("country", "SE")
                .put("reason_start", "trackdone")
                .put("reason_end", play.isWhole() ? "trackdone" : "fwdbtn")
                .put("shuffle", play.shuffle())
                .put("skipped", !play.isWhole())
                .put("offline", false)
                .put("started_at", startedAt.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("incognito", false);
        return ExtendedHistory.write(columns).put("ip_addr", "198.51.100.7");
    }
}
