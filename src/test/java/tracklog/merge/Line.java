package tracklog.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import tracklog.document.DocumentReader;
import tracklog.document.Format;

/** One source's report of one play, in Spotify's format, as the columns of a staged line. */
record Line(ObjectNode columns) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    /** The two layouts of the extended streaming history. */
    enum Layout {
        OF_2021,
        TODAY
    }

    /** Reads an export, or a response of the API. */
    static List<Line> document(String resource) throws IOException {
        try (InputStream document = Line.class.getResourceAsStream(resource)) {
            JsonNode content = JSON.readTree(document);
            Format format = content.isArray() ? Format.EXTENDED_HISTORY : Format.RECENTLY_PLAYED;
            List<Line> lines = new ArrayList<>();
            (content.isArray() ? content : content.get("items"))
                    .forEach(line -> lines.add(read(format, (ObjectNode) line)));
            return lines;
        }
    }

    static Line polled(Instant playedAt, String uri, String name, String artist, String albumArtist) {
        ObjectNode item = JSON.createObjectNode().put("played_at", playedAt.toString());
        ObjectNode track = item.putObject("track").put("uri", uri).put("name", name);
        track.putArray("artists").addObject().put("name", artist);
        track.putObject("album").putArray("artists").addObject().put("name", albumArtist);
        return read(Format.RECENTLY_PLAYED, item);
    }

    static Line exported(Instant endedAt, String uri, String name, String albumArtist, int msPlayed) {
        return exported(Layout.TODAY, endedAt, uri, name, albumArtist, msPlayed, false, 0L);
    }

    /** A play that was uploaded later. */
    static Line offline(
            Instant uploadedAt, String uri, String name, String albumArtist, int msPlayed, Long offlineTimestamp) {
        return exported(Layout.TODAY, uploadedAt, uri, name, albumArtist, msPlayed, true, offlineTimestamp);
    }

    /** @param offlineTimestamp in seconds or milliseconds; 0, null or nonsense if Spotify does not report it */
    static Line exported(
            Layout layout,
            Instant reportedAt,
            String uri,
            String name,
            String albumArtist,
            int msPlayed,
            boolean offline,
            Long offlineTimestamp) {
        ObjectNode line = JSON.createObjectNode()
                .put("ts", reportedAt.toString())
                .put("ms_played", msPlayed)
                .put("master_metadata_track_name", name)
                .put("master_metadata_album_artist_name", albumArtist)
                .put("spotify_track_uri", uri)
                .put("offline", offline)
                .put("offline_timestamp", offlineTimestamp);
        if (layout == Layout.OF_2021) {
            line.put("username", "listener-one").put("ip_addr_decrypted", "198.51.100.9");
        } else {
            line.put("ip_addr", "198.51.100.7").putNull("audiobook_title").putNull("audiobook_chapter_uri");
        }
        return read(Format.EXTENDED_HISTORY, line);
    }

    static Line account(Instant minute, String name, String artist, int msPlayed) {
        return read(
                Format.ACCOUNT_DATA,
                JSON.createObjectNode()
                        .put("endTime", MINUTE.format(minute))
                        .put("artistName", artist)
                        .put("trackName", name)
                        .put("msPlayed", msPlayed));
    }

    private static Line read(Format format, ObjectNode line) {
        return new Line(DocumentReader.columns(format, line, 0));
    }

    boolean isOf(String source) {
        return columns.get("source").textValue().equals(source);
    }

    Line with(String column, Object value) {
        ObjectNode copy = columns.deepCopy();
        copy.set(column, JSON.valueToTree(value));
        return new Line(copy);
    }
}
