package tracklog.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.Program;

/** Examples of what is one listening and what is not, through the real merge. */
class ReconciliationIT {

    private static final Instant EVENING = Instant.parse("2024-06-24T20:00:00Z");
    private static final String URI = "spotify:track:0000000000000000000001";

    private static Program program;
    private static Merge merge;

    @BeforeAll
    static void start() throws Exception {
        program = Program.start(Map.of());
        merge = new Merge(program);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void aPolledAndAnExportedRecordOfOneListeningBecomeOneInEitherOrder() throws Exception {
        Line polled = Line.polled(EVENING.plusMillis(317), URI, "Second Gear", "Lena", "Lena")
                .with("popularity", 41)
                .with("context_uri", "spotify:playlist:1")
                .with("duration_ms", 181_000)
                .with("isrc", "SEXXX2400001");
        Line exported = Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000);
        for (List<List<Line>> order :
                List.of(List.of(List.of(polled), List.of(exported)), List.of(List.of(exported), List.of(polled)))) {
            int listener = merge.newListener();
            for (List<Line> lines : order) {
                merge.merge(listener, lines);
            }
            assertThat(program.rows(
                            "select source::text, ms_played, popularity, context_uri, duration_ms, isrc from listening where listener_id = ?",
                            listener))
                    .containsExactly(Map.of(
                            "source",
                            "export",
                            "ms_played",
                            181_000,
                            "popularity",
                            41,
                            "context_uri",
                            "spotify:playlist:1",
                            "duration_ms",
                            181_000,
                            "isrc",
                            "SEXXX2400001"));
            assertThat(merge.reconcile(listener)).isZero();
        }
    }

    @Test
    void theApiMomentMayBeTheEndTheStartOrWhenTheDeviceWasOffline() throws Exception {
        Line exported = Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000)
                .with("offline_at", EVENING.minusSeconds(86_400).toString());
        assertThat(plays(exported, polled(EVENING.plusSeconds(30)))).isEqualTo(1);
        assertThat(plays(exported, polled(EVENING.plusSeconds(31)))).isEqualTo(2);
        assertThat(plays(exported, polled(EVENING.minusMillis(181_000 - 29_000))))
                .isEqualTo(1);
        assertThat(plays(exported, polled(EVENING.minusMillis(181_000 - 31_000))))
                .isEqualTo(2);
        assertThat(plays(exported, polled(EVENING.minusSeconds(86_400 + 12)))).isEqualTo(1);
        assertThat(plays(exported, polled(EVENING.minusSeconds(86_400 + 32)))).isEqualTo(2);
    }

    @Test
    void aPlayUnderThirtySecondsIsNoneThatTheApiReports() throws Exception {
        assertThat(plays(Line.exported(EVENING, URI, "Second Gear", "Lena", 29_999), polled(EVENING)))
                .isEqualTo(2);
        assertThat(plays(Line.exported(EVENING, URI, "Second Gear", "Lena", 30_000), polled(EVENING)))
                .isEqualTo(1);
    }

    @Test
    void aTrackIsTheSameByUriOrByFoldedNameAndEitherArtist() throws Exception {
        Line exported = Line.exported(EVENING, URI, "Second Gear", "Various Artists", 181_000);
        String other = "spotify:track:0000000000000000000002";
        assertThat(plays(exported, Line.polled(EVENING, other, "SECOND GEAR", "Lena", "Various Artists")))
                .isEqualTo(1);
        assertThat(plays(exported, Line.polled(EVENING, other, "Second Gear", "VARIOUS artists", "Lena")))
                .isEqualTo(1);
        assertThat(plays(exported, Line.polled(EVENING, other, "Second Gear", "Lena", "Lena")))
                .isEqualTo(2);
        assertThat(plays(exported, Line.polled(EVENING, other, "Third Gear", "Lena", "Various Artists")))
                .isEqualTo(2);
    }

    @Test
    void aTrackIsTheSameUnderAnyNameItEverHadAlsoWhenThatIsLearntLater() throws Exception {
        int listener = merge.newListener();
        merge.merge(listener, List.of(Line.account(EVENING, "Second Gear", "Lena", 181_000)));
        merge.merge(
                listener,
                List.of(Line.exported(EVENING.plusSeconds(20), URI, "Second Gear - Remastered", "Lena", 181_000)));
        assertThat(listened(listener)).isEqualTo(2);
        merge.merge(listener, List.of(Line.exported(EVENING.minusSeconds(86_400), URI, "Second Gear", "Lena", 5_000)));
        assertThat(listened(listener)).isEqualTo(2);
        assertThat(program.number("select count(*) from play where listener_id = ? and same_as is not null", listener))
                .isEqualTo(1);
        assertThat(merge.reconcile(listener)).isZero();
    }

    @Test
    void ofThreeSourcesTheFinestStandsAndAllPointAtIt() throws Exception {
        int listener = merge.newListener();
        merge.merge(listener, List.of(polled(EVENING.plusSeconds(20))));
        merge.merge(listener, List.of(Line.account(EVENING, "Second Gear", "Lena", 181_000)));
        assertThat(standing(listener)).containsExactly("account_data");
        merge.merge(listener, List.of(Line.exported(EVENING.plusSeconds(19), URI, "Second Gear", "Lena", 181_000)));
        assertThat(standing(listener)).containsExactly("export");
        assertThat(program.number(
                        "select count(*) from play join play as stands on stands.play_id = play.same_as"
                                + " where play.listener_id = ? and stands.same_as is null",
                        listener))
                .isEqualTo(2);
    }

    @Test
    void aRelinkedUriInAnotherExportIsTheSamePlay() throws Exception {
        String relinked = "spotify:track:0000000000000000000003";
        assertThat(plays(
                        Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000),
                        Line.exported(EVENING, relinked, "Second Gear", "Lena", 181_000)))
                .isEqualTo(1);
        assertThat(plays(
                        Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000),
                        Line.exported(EVENING, relinked, "Second Gear", "Lena", 180_999)))
                .isEqualTo(2);
        assertThat(plays(
                        Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000),
                        Line.exported(EVENING, relinked, "Second Gear", "Anna", 181_000)))
                .isEqualTo(2);
    }

    @Test
    void aLoopLosesNoRepeat() throws Exception {
        int listener = merge.newListener();
        List<Line> exported = java.util.stream.IntStream.range(0, 200)
                .mapToObj(i -> Line.exported(EVENING.plusSeconds(31L * i), URI, "Second Gear", "Lena", 31_000))
                .toList();
        List<Line> polled = java.util.stream.IntStream.range(0, 200)
                .mapToObj(i -> polled(EVENING.plusSeconds(31L * i).plusMillis(900)))
                .toList();
        for (int i = 0; i < 200; i += 40) {
            merge.merge(listener, polled.subList(i, i + 40));
            merge.merge(listener, exported.subList(i, i + 40));
        }
        assertThat(standing(listener)).hasSize(200).allMatch("export"::equals);
        assertThat(program.number("select count(distinct same_as) from play where listener_id = ?", listener))
                .isEqualTo(200);
        assertThat(merge.reconcile(listener)).isZero();
    }

    @Test
    void whatWasUndoneIsComputedAgain() throws Exception {
        int listener = merge.newListener();
        merge.merge(listener, List.of(polled(EVENING), Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000)));
        program.execute("update play set same_as = null where listener_id = " + listener);
        assertThat(listened(listener)).isEqualTo(2);
        assertThat(merge.reconcile(listener)).isEqualTo(1);
        assertThat(listened(listener)).isEqualTo(1);
        assertThat(merge.reconcile(listener)).isZero();
    }

    private static Line polled(Instant at) {
        return Line.polled(at, URI, "Second Gear", "Lena", "Lena");
    }

    /** How many listenings two lines are, which must not depend on which comes first. */
    private static long plays(Line one, Line other) throws Exception {
        int listener = merge.newListener();
        merge.merge(listener, List.of(one));
        merge.merge(listener, List.of(other));
        int reversed = merge.newListener();
        merge.merge(reversed, List.of(other));
        merge.merge(reversed, List.of(one));
        assertThat(listened(listener)).isEqualTo(listened(reversed));
        return listened(listener);
    }

    private static long listened(int listener) throws Exception {
        return program.number("select count(*) from listening where listener_id = ?", listener);
    }

    private static List<Object> standing(int listener) throws Exception {
        return program.rows("select source::text from listening where listener_id = ?", listener).stream()
                .map(row -> row.get("source"))
                .toList();
    }
}
