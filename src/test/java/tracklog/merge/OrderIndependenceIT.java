package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import tracklog.TestProgram;
import tracklog.store.SqlFiles;

/**
 * Documents and polls end in the same history, in any order, parts and repetition.
 *
 * <p>For speed, one listener has many lives, which are months apart and have different music. One merge takes a
 * document of each.
 */
class OrderIndependenceIT {

    private static final int TRIES = 40;
    private static final int LIVES = 25;
    private static final int BATCHES = Math.max(1, Integer.getInteger("campaign", 10) / 10);

    private static final String CONTENT = """
            select listening.source::text, played_at, ms_played, nth, popularity, context_uri,
                   listening.duration_ms, listening.isrc, started_at, reported_at, uri, name, artist_name,
                   album_artist_name
              from listening
              join track using (track_id)
             where listener_id = ?
             order by played_at, name, uri, ms_played, nth, artist_name, album_artist_name
            """;

    private static final String WRONG_FIGURES = """
            with wanted (listener_id, first_day, last_day) as (
                values (?, date '1970-01-01', date '2100-12-31')
            ),
            of_plays as (
                select count(*) as plays, count(distinct shown_artist_key) as artists,
                       count(distinct album_key) as albums, count(distinct song_key) as tracks, count(*) as by_hour
                  from heard
                  join track using (track_id)
                 where listener_id = (select listener_id from wanted)
                   and not spoken
            ),
            shown as (
                select plays, artists, albums, tracks,
                       (select coalesce(sum(plays), 0) from read_hours(listener_id, first_day, last_day, false, null))
                  from wanted
                 cross join lateral count_heard(listener_id, first_day, last_day, false, null)
            )
            (table of_plays except table shown) union all (table shown except table of_plays)""";

    private static TestProgram program;
    private static Merge merge;
    private static int lives;
    private static int listenings;
    private static int doubtful;

    @BeforeContainer
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        merge = new Merge(program);
    }

    @AfterContainer
    static void stop() {
        System.out.printf(
                "%d lives of %d listenings: one history in any order"
                        + " (%d reports of clear lives withheld as doubtful)%n",
                lives, listenings, doubtful);
        program.close();
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void anyOrderEndsInTheSameHistoryAndThatIsTheLife(@ForAll long seed) throws Exception {
        for (int i = 0; i < BATCHES; i++) {
            hold(seed + (long) i * LIVES);
        }
    }

    private static void hold(long seed) throws Exception {
        List<Life> batch =
                IntStream.range(0, LIVES).mapToObj(i -> new Life(seed + i, i)).toList();
        List<Map<String, Object>> expected = history(batch, Life::documents);
        List<Map<String, Object>> shuffled = history(batch, Life::shuffledDocuments);
        assertThat(shuffled).as(() -> "lives %s".formatted(batch)).isEqualTo(expected);
        for (Life life : batch) {
            lives++;
            listenings += life.listenings();
            doubtful += life.doubtful();
            if (life.clear()) {
                assertThat(shuffled.stream()
                                .filter(row -> life.isOf((String) row.get("name")))
                                .map(OrderIndependenceIT::report))
                        .as(life::toString)
                        .containsExactlyInAnyOrderElementsOf(life.truth());
            }
        }
    }

    /** Merges the first document of each life, then the second of each, and so on, into an empty database. */
    private static List<Map<String, Object>> history(List<Life> batch, Function<Life, List<List<Line>>> order)
            throws Exception {
        program.execute("truncate play, track_alias, track_spelling, track_details, track");
        int listener = merge.newListener();
        List<List<List<Line>>> documents = batch.stream().map(order).toList();
        for (int i = 0; ; i++) {
            int step = i;
            List<Line> lines = new ArrayList<>();
            documents.stream().filter(life -> life.size() > step).forEach(life -> lines.addAll(life.get(step)));
            if (lines.isEmpty()) {
                break;
            }
            merge.merge(listener, lines);
        }
        List<Map<String, Object>> content = program.rows(CONTENT, listener);
        assertThat(merge.reconcile(listener))
                .as("pairs that a recomputation changes")
                .isZero();
        assertThat(merge.reconcileMany(listener))
                .as("pairs that a long document changes")
                .isZero();
        assertThat(program.number("select count(*) from play join play as stands on stands.play_id = play.same_as"
                        + " where stands.same_as is not null or play.source > stands.source"))
                .as("plays that point at one that does not stand")
                .isZero();
        assertThat(program.number("select count(*) from stale_day where listener_id = ?", listener))
                .as("days that are not summed")
                .isZero();
        assertThat(program.rows(SqlFiles.read("audit-sums")))
                .as("sums of the dashboard that are not those of the plays")
                .isEmpty();
        assertThat(program.rows(WRONG_FIGURES, listener))
                .as("figures of the dashboard that are not those of the plays")
                .isEmpty();
        return content;
    }

    private static Life.Report report(Map<String, Object> row) {
        return new Life.Report(
                (String) row.get("source"),
                ((Timestamp) row.get("played_at")).toInstant(),
                Life.song((String) row.get("name")),
                (Integer) row.get("ms_played"));
    }
}
