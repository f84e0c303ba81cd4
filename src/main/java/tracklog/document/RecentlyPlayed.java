package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An item of the API's recently played list. */
final class RecentlyPlayed {

    /** What is kept of a track beyond its columns. */
    private static final ObjectNode DETAILS = JsonNodeFactory.instance.objectNode();

    static {
        DETAILS.putArray("artists").addObject().put("name", "").put("uri", "");
        ObjectNode album = DETAILS.putObject("album").put("uri", "").put("album_type", "");
        album.put("release_date", "").put("release_date_precision", "").put("total_tracks", "");
        album.putArray("images").addObject().put("url", "").put("height", "").put("width", "");
        DETAILS.put("disc_number", "").put("track_number", "");
    }

    private RecentlyPlayed() {}

    static void read(Fields item, ObjectNode columns) throws InvalidLineException {
        columns.put("played_at", item.moment("played_at").toString());
        JsonNode played = item.get("track");
        Fields track = item.object("track");
        columns.set("details", picked(played, DETAILS));
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
        Fields context = item.object("context");
        columns.put("context_uri", context.text("uri"));
        String type = context.text("type");
        columns.set(
                "extra",
                type == null ? null : JsonNodeFactory.instance.objectNode().put("context_type", type));
    }

    private static String kind(String uri) {
        if (uri == null || uri.startsWith("spotify:track:")) {
            return "track";
        }
        return uri.startsWith("spotify:local:") ? "local" : "episode";
    }

    /** Returns what the value has of the shape; null for nothing. */
    private static JsonNode picked(JsonNode value, JsonNode shape) {
        if (shape.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            shape.fieldNames()
                    .forEachRemaining(field -> object.set(field, picked(value.path(field), shape.get(field))));
            object.removeNulls();
            return object.isEmpty() ? null : object;
        }
        if (shape.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> array.add(picked(element, shape.get(0))));
            array.removeNulls();
            return array.isEmpty() ? null : array;
        }
        return value.isValueNode() && !value.asText().isEmpty() ? value : null;
    }
}
