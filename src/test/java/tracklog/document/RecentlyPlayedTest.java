package tracklog.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentlyPlayedTest {

    @Test
    void whatAPollTellsOfATrackIsKept() throws Exception {
        JsonNode item = DocumentReader.JSON
                .readTree(Path.of("src/test/resources/formats/recently-played-before-march-2026.json")
                        .toFile())
                .at("/items/0");
        ObjectNode columns = DocumentReader.columns(Format.RECENTLY_PLAYED, item, 3);
        assertThat(read(columns.get("details"))).isEqualTo(DocumentReader.JSON.readTree("""
                {"artists": [{"name": "Northern Quay", "uri": "spotify:artist:1ArtistArtistArtist001"}],
                 "album": {"uri": "spotify:album:1AlbumAlbumAlbumAlb01", "album_type": "album",
                           "release_date": "2021-05", "release_date_precision": "month", "total_tracks": 11,
                           "images": [{"url": "https://i.scdn.co/image/0000", "height": 300, "width": 300}]},
                 "disc_number": 1, "track_number": 3}"""));
        assertThat(columns.get("extra")).hasToString("{\"context_type\":\"playlist\"}");
        assertThat(columns.get("popularity").intValue()).isEqualTo(37);
        assertThat(columns.get("position").intValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"N\"}",
                "{\"name\": \"N\", \"artists\": [], \"album\": {\"images\": [{\"url\": null}, 3], \"uri\": \"\"}}",
                "{\"name\": \"N\", \"artists\": 3, \"album\": [{}], \"disc_number\": {\"a\": 1}}",
            })
    void whatIsMissingOrOddIsLeftOut(String track) throws Exception {
        ObjectNode item = DocumentReader.JSON.createObjectNode().put("played_at", "2024-06-24T12:00:00.123Z");
        item.set("track", DocumentReader.JSON.readTree(track));
        ObjectNode columns = DocumentReader.columns(Format.RECENTLY_PLAYED, item, 0);
        assertThat(columns)
                .hasToString("{\"played_at\":\"2024-06-24T12:00:00.123Z\",\"kind\":\"track\",\"name\":\"N\","
                        + "\"position\":0,\"source\":\"recently_played\"}");
    }

    @Test
    void tracklogReadsItBack() throws Exception {
        JsonNode line = DocumentReader.JSON.readTree("""
                {"tracklog": "play", "source": "export", "played_at": "2024-06-24T12:00:00Z", "kind": "track",
                 "name": "N", "started_at": 1719226800000, "reported_at": "2024-06-25T12:00:00Z",
                 "details": {"artists": [{"name": "A"}]}, "extra": {"context_type": "album", "username": "x"}}""");
        assertThat(read(DocumentReader.columns(Format.TRACKLOG, line, 0))).isEqualTo(DocumentReader.JSON.readTree("""
                {"source": "export", "played_at": "2024-06-24T12:00:00Z", "kind": "track", "name": "N",
                 "started_at": "2024-06-24T11:00:00Z", "reported_at": "2024-06-25T12:00:00Z",
                 "details": {"artists": [{"name": "A"}]}, "extra": {"context_type": "album"}, "position": 0}"""));
    }

    private static JsonNode read(JsonNode written) throws Exception {
        return DocumentReader.JSON.readTree(written.toString());
    }
}
