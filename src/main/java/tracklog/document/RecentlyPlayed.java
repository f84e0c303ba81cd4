package tracklog.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An item of the API's recently played list. */
final class RecentlyPlayed {

    private RecentlyPlayed() {}

    static void read(Fields item, ObjectNode columns) throws InvalidLineException {
        columns.put("played_at", item.moment("played_at").toString());
        Fields track = item.object("track");
        String uri = track.text("uri");
        String name = track.text("name");
        if (uri == null && name == null) {
            throw new InvalidLineException("it names no track");
        }
        columns.put("kind", kind(uri));
        columns.put("uri", uri);
        columns.put("name", name);
        columns.put("artist_name", track.first("artists").text("name"));
        Fields album = track.object("album");
        columns.put("album_artist_name", album.first("artists").text("name"));
        columns.put("album_name", album.text("name"));
        columns.put("duration_ms", track.number("duration_ms", Integer.MAX_VALUE));
        columns.put("isrc", track.object("external_ids").text("isrc"));
        columns.put("explicit", track.flag("explicit"));
        columns.put("popularity", track.number("popularity", 100));
        columns.put("context_uri", item.object("context").text("uri"));
    }

    private static String kind(String uri) {
        if (uri == null || uri.startsWith("spotify:track:")) {
            return "track";
        }
        return uri.startsWith("spotify:local:") ? "local" : "episode";
    }
}
