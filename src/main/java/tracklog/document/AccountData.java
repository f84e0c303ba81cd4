package tracklog.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A line of the short one-year export: music or podcast, to the minute, without a URI. */
final class AccountData {

    private AccountData() {}

    static void read(Fields line, ObjectNode columns) throws InvalidLineException {
        columns.put("played_at", line.moment("endTime").toString());
        columns.put("ms_played", line.milliseconds("msPlayed"));
        String track = line.text("trackName");
        String episode = track == null ? line.text("episodeName") : null;
        if (track == null && episode == null) {
            throw new InvalidLineException("it names no track or episode");
        }
        columns.put("kind", track == null ? "episode" : "track");
        columns.put("name", track == null ? episode : track);
        columns.put("album_artist_name", line.text(track == null ? "podcastName" : "artistName"));
    }
}
