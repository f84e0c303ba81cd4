package tracklog.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tracklog.TestProgram;
import tracklog.intake.InboxDriver;

/** Imports mutated lines with good ones between them: the database refuses none of what the reader takes for a play. */
class WildLinesIT {

    private static final int WILD = Integer.getInteger("wild", 1_000);
    private static final long SEED = Long.getLong("seed", new Random().nextLong());

    private static TestProgram program;
    private static InboxDriver dropping;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        dropping = new InboxDriver(program);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @ParameterizedTest
    @CsvSource({"TRACKLOG, 0", "EXTENDED_HISTORY, 100000", "ACCOUNT_DATA, 200000", "RECENTLY_PLAYED, 300000"})
    void allGoodLinesAreStored(Format format, int first) throws Exception {
        WildLines wild = new WildLines(SEED);
        StringJoiner lines = new StringJoiner(",\n", "[", "]");
        for (int i = 0; i < WILD; i++) {
            lines.add(WildLines.good(format, first + i));
            lines.add(wild.next(format, 1_000_000 + first + i));
        }
        String name = "wild-" + format.label() + ".json";
        dropping.drop(name, lines.toString());
        Map<String, Object> books = dropping.done(name);
        String as = "seed " + SEED;
        assertThat(books).as(as).containsEntry("lines_read", 2L * WILD);
        assertThat((Long) books.get("inserted") + (Long) books.get("duplicates") + (Long) books.get("rejected"))
                .as(as)
                .isEqualTo(2L * WILD);
        assertThat(program.number(
                        "select count(distinct played_at) from play"
                                + " where played_at >= date_trunc('minute', ?::timestamptz)"
                                + " and played_at < ?::timestamptz",
                        Lines.endedAt(first).toString(),
                        Lines.endedAt(first + WILD).toString()))
                .as(as)
                .isEqualTo(WILD);
    }

    @Test
    void aPlayIsAsLongAsAnIntegerCanSay() throws Exception {
        dropping.drop("longest.json", """
                [{"ts": "2024-06-24T12:00:00Z", "ms_played": 2147483647, "spotify_track_uri": "spotify:track:longest",
                  "offline": true, "offline_timestamp": 1717000000, "master_metadata_track_name": "Longest"},
                 {"ts": "2024-06-24T12:00:01Z", "ms_played": 2147483647, "spotify_track_uri": "spotify:track:longest",
                  "offline": false, "offline_timestamp": 1717000000, "master_metadata_track_name": "Longest"}]""");
        assertThat(dropping.done("longest.json")).containsEntry("inserted", 2L);
    }
}
