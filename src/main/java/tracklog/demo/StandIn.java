package tracklog.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Header;
import tracklog.demo.MadeUpListening.Play;
import tracklog.demo.MadeUpListening.Song;

/** Responds like the Web API of Spotify, with generated plays. */
record StandIn(MadeUpListening listening) {

    /** Spotify counts a play after 30 seconds. */
    private static final int COUNTS_AFTER_MS = 30_000;

    /** Returns the latest plays of music, newest first; {@code limit} is 1 to 50, by default 20. */
    public Map<String, Object> recentlyPlayed(@Header("limit") Integer limit) {
        int wanted = limit == null ? 20 : Math.max(1, Math.min(50, limit));
        Instant now = Instant.now();
        List<Play> plays = new ArrayList<>(listening.between(now.minus(Duration.ofDays(30)), now));
        plays.removeIf(play -> play.msPlayed() < COUNTS_AFTER_MS || play.song().isEpisode());
        List<Map<String, Object>> items = new ArrayList<>();
        for (int i = plays.size() - 1; i >= 0 && items.size() < wanted; i--) {
            items.add(item(plays.get(i)));
        }
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("href", "https://api.spotify.com/v1/me/player/recently-played?limit=" + wanted);
        response.put("items", items);
        response.put("limit", wanted);
        response.put("next", null);
        return response;
    }

    private static Map<String, Object> item(Play play) {
        Song song = play.song();
        List<Map<String, Object>> artists = List.of(Map.of("name", song.artist(), "type", "artist"));
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("album", Map.of("name", song.album(), "album_type", "album", "type", "album", "artists", artists));
        track.put("artists", artists);
        track.put("duration_ms", song.durationMs());
        track.put("explicit", false);
        track.put("external_ids", Map.of());
        track.put("id", song.uri().substring(song.uri().lastIndexOf(':') + 1));
        track.put("is_local", false);
        track.put("name", song.name());
        track.put("type", "track");
        track.put("uri", song.uri());
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("track", track);
        item.put("played_at", play.endedAt().toString());
        item.put(
                "context",
                play.shuffle() ? Map.of("type", "playlist", "uri", "spotify:playlist:1MadeUpListMadeUpList1") : null);
        return item;
    }
}
