package tracklog.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** What one source says of one play, as the columns of a staged line. */
record Line(ObjectNode columns) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Line polled(Instant playedAt, String uri, String name, String artist, String albumArtist) {
        return of("recently_played", playedAt, uri, name, albumArtist).with("artist_name", artist);
    }

    static Line exported(Instant endedAt, String uri, String name, String albumArtist, int msPlayed) {
        return of("export", endedAt, uri, name, albumArtist).with("ms_played", msPlayed);
    }

    static Line account(Instant minute, String name, String artist, int msPlayed) {
        return of("account_data", minute, null, name, artist).with("ms_played", msPlayed);
    }

    private static Line of(String source, Instant playedAt, String uri, String name, String albumArtist) {
        return new Line(JSON.createObjectNode()
                .put("source", source)
                .put("played_at", playedAt.toString())
                .put("kind", "track")
                .put("uri", uri)
                .put("name", name)
                .put("album_artist_name", albumArtist));
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
