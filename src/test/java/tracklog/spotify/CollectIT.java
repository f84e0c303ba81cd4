package tracklog.spotify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tracklog.Program;

/** Polls through the real routes: what is in the database at the end. */
class CollectIT {

    private static Spotify spotify;
    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        spotify = new Spotify();
        program = Program.start(spotify.settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        program.close();
        spotify.close();
    }

    @BeforeEach
    void allIsWell() throws Exception {
        Spotify.clear(program);
        spotify.reset();
        Spotify.connect(program, 1, "refresh-1");
    }

    @Test
    void storesWhatWasPlayedOnceAndUsesOneAccessToken() throws Exception {
        spotify.plays(Spotify.items(3, "2026-11-22T10:00:00Z"));
        Spotify.poll(program, "2026-11-22T10:15:00Z");
        spotify.plays(Spotify.items(4, "2026-11-22T10:01:00Z"));
        Spotify.poll(program, "2026-11-22T10:30:00Z");

        assertThat(Spotify.ledger(program)).containsExactly("done 2 3 3 0 0", "done 1 4 4 0 0");
    }
}
