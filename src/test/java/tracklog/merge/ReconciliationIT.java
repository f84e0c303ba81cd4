package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tracklog.TestProgram;

/** Examples of reports that are the same play and of reports that are not, through the real merge. */
class ReconciliationIT {

    private static final Instant EVENING = Instant.parse("2024-06-24T20:00:00Z");
    private static final String URI = "spotify:track:0000000000000000000001";

    private static TestProgram program;
    private static Merge merge;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
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
                            "select source::text, ms_played, popularity, context_uri, duration_ms, isrc"
                                    + " from listening where listener_id = ?",
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
                .with("started_at", EVENING.minusSeconds(86_400).toString());
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
    void ofAccountDataTheApiMomentMayBeAnywhereInItsMinute() throws Exception {
        Line account = Line.account(EVENING, "Second Gear", "Lena", 181_000);
        assertThat(plays(account, polled(EVENING.minusSeconds(30)))).isEqualTo(1);
        assertThat(plays(account, polled(EVENING.plusSeconds(60 + 29)))).isEqualTo(1);
        assertThat(plays(account, polled(EVENING.plusSeconds(60 + 31)))).isEqualTo(2);
        assertThat(plays(account, polled(EVENING.minusSeconds(181 + 30)))).isEqualTo(1);
        assertThat(plays(account, polled(EVENING.minusSeconds(181 + 31)))).isEqualTo(2);
    }

    @Test
    void ofAccountDataAndExportTheMinuteAndTheLengthAreTheSame() throws Exception {
        Line account = Line.account(EVENING, "Second Gear", "Lena", 181_000);
        for (int second : List.of(0, 59)) {
            assertThat(plays(account, Line.exported(EVENING.plusSeconds(second), URI, "Second Gear", "Lena", 181_000)))
                    .isEqualTo(1);
        }
        for (int second : List.of(-1, 60)) {
            assertThat(plays(account, Line.exported(EVENING.plusSeconds(second), URI, "Second Gear", "Lena", 181_000)))
                    .isEqualTo(2);
        }
        assertThat(plays(account, Line.exported(EVENING, URI, "Second Gear", "Lena", 181_001)))
                .isEqualTo(2);
    }

    @Test
    void theToleranceIsASetting() throws Exception {
        Line exported = Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000);
        Line account = Line.account(EVENING, "Second Gear", "Lena", 181_000);
        try (TestProgram patient = TestProgram.start(Map.of("RECONCILE_TOLERANCE", "5400"))) {
            Merge merge = new Merge(patient);
            assertThat(plays(merge, exported, polled(EVENING.plusSeconds(5_400))))
                    .isEqualTo(1);
            assertThat(plays(merge, exported, polled(EVENING.plusSeconds(5_401))))
                    .isEqualTo(2);
            assertThat(plays(merge, exported, polled(EVENING.minusSeconds(181 + 5_400))))
                    .isEqualTo(1);
            assertThat(plays(merge, exported, polled(EVENING.minusSeconds(181 + 5_401))))
                    .isEqualTo(2);
            assertThat(plays(merge, account, polled(EVENING.plusSeconds(5_400 + 59))))
                    .isEqualTo(1);
        }
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
        assertThat(merge.listened(listener)).isEqualTo(2);
        merge.merge(listener, List.of(Line.exported(EVENING.minusSeconds(86_400), URI, "Second Gear", "Lena", 5_000)));
        assertThat(merge.listened(listener)).isEqualTo(2);
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
    void aPairEndsWhenALaterExportMovesTheOfflineMomentThatMadeIt() throws Exception {
        Instant offline = EVENING.minusSeconds(2 * 86_400);
        Line exported = Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000);
        Line twin = Line.exported(EVENING, "spotify:track:0000000000000000000003", "Second Gear", "Lena", 181_000);
        Line moment = twin.with("started_at", offline.toString());
        // Of the two equal plays, the one without such a time is shown, so the poll points at it.
        for (List<Line> lines : List.of(List.of(moment, polled(offline)), List.of(exported, moment, polled(offline)))) {
            int listener = merge.newListener();
            merge.merge(listener, lines);
            assertThat(merge.listened(listener)).isEqualTo(1);
            merge.merge(
                    listener,
                    List.of(twin.with("started_at", offline.plusSeconds(10_800).toString())));
            assertThat(merge.listened(listener)).isEqualTo(2);
            assertThat(merge.reconcile(listener)).isZero();
        }
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

    /** The transaction that began first has the latest name: a new one, or the same as before. */
    @ParameterizedTest
    @CsvSource({"Last, spotify:track:0000000000000000000002", "Old, spotify:track:0000000000000000000005"})
    void aTrackIsNamedByAllWhoTellOfItAtTheSameTime(String name, String uri) throws Exception {
        int one = merge.newListener();
        int other = merge.newListener();
        merge.merge(one, List.of(Line.exported(EVENING, uri, "Old", "Lena", 181_000)));
        // Both have merged the track's name when they store their rejected lines.
        atOnce(
                "rejected_line",
                () -> merge.merge(one, List.of(Line.exported(EVENING.plusSeconds(7200), uri, name, "Lena", 181_000))),
                () -> merge.merge(
                        other, List.of(Line.exported(EVENING.plusSeconds(3600), uri, "Former", "Lena", 181_000))));
        assertThat(program.rows("select name from track where uri = ?", uri)).containsExactly(Map.of("name", name));
    }

    @Test
    void playsAreStoredWhileAnotherDocumentTellsOfTheirListener() throws Exception {
        int listener = merge.newListener();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection other = program.store().dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update listener set spotify_user_id = 'told' where listener_id = " + listener);
            thread.submit(() -> merge.merge(listener, List.of(Line.exported(EVENING, URI, "A", "Lena", 181_000))))
                    .get(60, TimeUnit.SECONDS);
            other.rollback();
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void documentsThatRenameEachOthersTracksDoNotWaitForEachOther() throws Exception {
        String ones = "spotify:track:0000000000000000000003";
        String others = "spotify:track:0000000000000000000004";
        int one = merge.newListener();
        int other = merge.newListener();
        merge.merge(one, List.of(Line.exported(EVENING, ones, "Old", "Lena", 181_000)));
        merge.merge(other, List.of(Line.exported(EVENING, others, "Old", "Lena", 181_000)));
        // Both have merged the name of the other's track, which touches the day of its play, when they insert plays.
        atOnce(
                "play",
                () -> merge.merge(
                        one, List.of(Line.exported(EVENING.plusSeconds(600), others, "New", "Lena", 181_000))),
                () -> merge.merge(
                        other, List.of(Line.exported(EVENING.plusSeconds(600), ones, "New", "Lena", 181_000))));
        assertThat(program.number("select sum(plays) from heard_day where listener_id in (?, ?)", one, other))
                .isEqualTo(4);
    }

    /** Runs both until they write to a table or wait for each other, then lets them continue. */
    private static void atOnce(String table, Runnable first, Runnable second) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Connection halt = program.store().dataSource().getConnection();
                Statement statement = halt.createStatement()) {
            halt.setAutoCommit(false);
            statement.execute("lock table " + table + " in exclusive mode");
            Future<?> one = threads.submit(first);
            await().until(() -> waiting() == 1);
            Future<?> other = threads.submit(second);
            await().until(() -> waiting() == 2);
            halt.rollback();
            one.get();
            other.get();
        } finally {
            threads.shutdown();
        }
    }

    private static long waiting() throws Exception {
        return program.number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                + " and datname = current_database()");
    }

    @Test
    void whatWasUndoneIsComputedAgain() throws Exception {
        int listener = merge.newListener();
        merge.merge(listener, List.of(polled(EVENING), Line.exported(EVENING, URI, "Second Gear", "Lena", 181_000)));
        program.execute("update play set same_as = null where listener_id = " + listener);
        assertThat(merge.listened(listener)).isEqualTo(2);
        assertThat(merge.reconcile(listener)).isEqualTo(1);
        assertThat(merge.listened(listener)).isEqualTo(1);
        assertThat(merge.reconcile(listener)).isZero();
    }

    /** Documents that came out wrong once; each starts with the number of listenings. */
    @ParameterizedTest
    @CsvSource({
        "4, 40-offline-loop/x.json,",
        "1, 55-export-dup-same-offline-ts/endsong_3.json, 55-export-dup-same-offline-ts/endsong_4.json",
        "1, 73-offline-api-end/Streaming_History_Audio_2021.json, 73-offline-api-end/api.json",
        "1, 74-offline-api-start/Streaming_History_Audio_2021.json, 74-offline-api-start/api.json"
    })
    void eachListeningIsShownOnce(int listenings, String one, String other) throws Exception {
        List<List<Line>> documents = new ArrayList<>();
        for (String name : other == null ? List.of(one) : List.of(one, other)) {
            documents.add(Line.document("/cases/" + name));
        }
        for (int order = 0; order < 2; order++) {
            int listener = merge.newListener();
            for (List<Line> document : documents) {
                merge.merge(listener, document);
            }
            assertThat(merge.listened(listener)).isEqualTo(listenings);
            assertThat(merge.reconcile(listener)).isZero();
            Collections.reverse(documents);
        }
    }

    @Test
    void playsOfflineAreOneIfTheyStartedWithinASecondWhateverTheirUploadSays() throws Exception {
        Instant start = EVENING.minusSeconds(3_600);
        Line offline = offline(EVENING, start.toEpochMilli() + 900);
        assertThat(plays(offline, offline(EVENING.plusSeconds(86_400), start.getEpochSecond())))
                .isEqualTo(1);
        assertThat(plays(offline, offline(EVENING, start.minusMillis(100_000).toEpochMilli())))
                .isEqualTo(2);
        // A loop of a track that is shorter than two seconds.
        assertThat(plays(
                        Line.offline(EVENING, URI, "Second Gear", "Lena", 1_300, start.getEpochSecond()),
                        Line.offline(EVENING, URI, "Second Gear", "Lena", 1_300, start.getEpochSecond() + 1)))
                .isEqualTo(2);
    }

    @Test
    void aStuckStartOfAPlayOnlineDoesNotMakeItThePlayOffline() throws Exception {
        Instant start = EVENING.minusSeconds(3_600);
        Line offline = offline(EVENING, start.toEpochMilli());
        assertThat(plays(offline, online(start.plusSeconds(181 + 90), start))).isEqualTo(1);
        assertThat(plays(offline, online(EVENING.plusSeconds(7), start))).isEqualTo(1);
        assertThat(plays(offline, online(start.plusSeconds(181 + 181), start))).isEqualTo(2);
        assertThat(plays(offline, online(EVENING.plusSeconds(3_600), start))).isEqualTo(2);
        assertThat(plays(online(EVENING, start), online(EVENING.plusSeconds(181), start)))
                .isEqualTo(2);
    }

    @Test
    void musicDoesNotOverlapItself() throws Exception {
        assertThat(plays(online(EVENING, null), online(EVENING.plusSeconds(90), null)))
                .isEqualTo(1);
        assertThat(plays(online(EVENING, null), online(EVENING.plusSeconds(91), null)))
                .isEqualTo(2);
        Line paused = online(EVENING, EVENING.minusSeconds(300));
        assertThat(plays(paused, online(EVENING.plusSeconds(10), EVENING.minusSeconds(209))))
                .isEqualTo(2);
        // A chain of reports is longer than a play.
        int listener = merge.newListener();
        for (int i : List.of(3, 0, 2, 1)) {
            merge.merge(listener, List.of(online(EVENING.plusSeconds(80L * i), null)));
        }
        assertThat(merge.listened(listener)).isEqualTo(2);
    }

    @Test
    void playsOfflineWithoutStartsPairOneToOneWithThoseThatHaveThem() throws Exception {
        Instant start = EVENING.minusSeconds(3_600);
        int listener = merge.newListener();
        merge.merge(listener, List.of(offline(EVENING, 0L), offline(EVENING.plusSeconds(1), null)));
        assertThat(merge.listened(listener)).isEqualTo(2);
        merge.merge(
                listener,
                List.of(
                        offline(EVENING, start.toEpochMilli()),
                        offline(EVENING, start.plusSeconds(181).toEpochMilli()),
                        offline(
                                EVENING.plusSeconds(1),
                                start.plusSeconds(2 * 181).toEpochMilli())));
        assertThat(merge.listened(listener)).isEqualTo(3);
        assertThat(plays(offline(EVENING, null), offline(EVENING.plusSeconds(30), start.toEpochMilli())))
                .isEqualTo(1);
        assertThat(plays(offline(EVENING, null), offline(EVENING.plusSeconds(31), start.toEpochMilli())))
                .isEqualTo(2);
    }

    @Test
    void theStartOfALongPlayIsFound() throws Exception {
        assertThat(plays(
                        Line.exported(EVENING, URI, "Second Gear", "Lena", 7_200_000),
                        polled(EVENING.minusSeconds(7_201))))
                .isEqualTo(1);
    }

    private static Line offline(Instant uploadedAt, Long offlineTimestamp) {
        return Line.offline(uploadedAt, URI, "Second Gear", "Lena", 181_000, offlineTimestamp);
    }

    private static Line online(Instant endedAt, Instant toldStart) {
        return Line.exported(endedAt, URI, "Second Gear", "Lena", 181_000)
                .with("started_at", toldStart == null ? null : toldStart.toString());
    }

    private static Line polled(Instant at) {
        return Line.polled(at, URI, "Second Gear", "Lena", "Lena");
    }

    /** Returns how many plays two lines are. The result must not depend on which line comes first. */
    private static long plays(Line one, Line other) {
        return plays(merge, one, other);
    }

    private static long plays(Merge merge, Line one, Line other) {
        int listener = merge.newListener();
        merge.merge(listener, List.of(one));
        merge.merge(listener, List.of(other));
        int reversed = merge.newListener();
        merge.merge(reversed, List.of(other));
        merge.merge(reversed, List.of(one));
        assertThat(merge.listened(listener)).isEqualTo(merge.listened(reversed));
        return merge.listened(listener);
    }

    private static List<Object> standing(int listener) throws Exception {
        return program.rows("select source::text from listening where listener_id = ?", listener).stream()
                .map(row -> row.get("source"))
                .toList();
    }
}
