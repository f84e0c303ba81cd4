package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tracklog.TestProgram;

/** The known ambiguities in {@code docs/guarantees.md}. Each must have the documented result. */
class IndistinguishableIT {

    private static final int DRAWS = 50;

    private static TestProgram program;
    private static Merge merge;

    /**
     * Lives for which the sources report the same as for another life.
     *
     * @param played number of plays in each life
     * @param stored number of plays that Tracklog shows
     */
    private record Case(String what, int played, int stored, BiFunction<Music, Random, List<Line>> reports) {
        @Override
        public String toString() {
            return what + ": " + played + " played, " + stored + " shown";
        }
    }

    /** Each case has its own track, and a time far from that of any other case. */
    private record Music(int number, Instant moment) {

        Line polled(Duration after) {
            return Line.polled(moment.plus(after), uri(""), name(), artist(), artist());
        }

        Line exported(Duration after, int msPlayed) {
            return Line.exported(moment.plus(after), uri(""), name(), artist(), msPlayed);
        }

        Line offline(Duration uploadedAfter, Long offlineTimestamp) {
            return Line.offline(moment.plus(uploadedAfter), uri(""), name(), artist(), 180_000, offlineTimestamp);
        }

        String uri(String variant) {
            return "spotify:track:" + number + variant;
        }

        String name() {
            return "Track " + number;
        }

        String artist() {
            return "Artist " + number;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "the start of a repeat after the export's last one, which itself was not polled",
                        2,
                        1,
                        (music, random) -> List.of(
                                music.exported(Duration.ZERO, 180_000),
                                music.polled(Duration.ofSeconds(random.nextInt(30))))),
                new Case(
                        "polls that begin within a loop of which the export ends, with starts for moments",
                        4,
                        3,
                        (music, random) -> List.of(
                                music.exported(Duration.ofSeconds(180), 180_000),
                                music.exported(Duration.ofSeconds(360), 180_000),
                                music.exported(Duration.ofSeconds(540), 180_000),
                                music.polled(Duration.ofSeconds(180 + random.nextInt(5))),
                                music.polled(Duration.ofSeconds(360 + random.nextInt(5))),
                                music.polled(Duration.ofSeconds(540 + random.nextInt(5))))),
                new Case(
                        "a start before a pause longer than the tolerance",
                        1,
                        2,
                        (music, random) -> List.of(
                                music.exported(Duration.ZERO, 180_000),
                                music.polled(Duration.ofSeconds(-180 - 31 - random.nextInt(3_000))))),
                new Case(
                        "an offline play reported late, of which the export does not say when it was",
                        1,
                        2,
                        (music, random) -> List.of(
                                music.offline(Duration.ofMinutes(10 + random.nextInt(1_000)), null),
                                music.polled(Duration.ZERO))),
                new Case(
                        "a loop offline that is uploaded in one second, of which the export does not tell the starts",
                        3,
                        1,
                        (music, random) -> List.of(
                                music.offline(Duration.ZERO, null),
                                music.offline(Duration.ZERO, 0L),
                                music.offline(Duration.ZERO, (long) random.nextInt(1_000)))),
                new Case(
                        "an offline play that the export lists twice with other times and without a start",
                        1,
                        2,
                        (music, random) -> List.of(
                                music.offline(Duration.ZERO, null),
                                music.offline(Duration.ofSeconds(1 + random.nextInt(1_000)), null))),
                new Case(
                        "a repeat online with the start of the play before, which was offline, reported with it",
                        2,
                        1,
                        (music, random) -> {
                            Duration end = Duration.ofSeconds(360 + random.nextInt(20));
                            return List.of(
                                    music.offline(end, music.moment().toEpochMilli()),
                                    music.exported(end, 180_000)
                                            .with("started_at", music.moment().toString()));
                        }),
                new Case(
                        "the same track for the same time on two devices at once",
                        2,
                        1,
                        (music, random) -> List.of(
                                music.exported(Duration.ZERO, 180_000),
                                music.exported(Duration.ofSeconds(1 + random.nextInt(89)), 180_000))),
                new Case(
                        "a track skipped twice within one second after the same milliseconds",
                        2,
                        1,
                        (music, random) -> List.of(music.exported(Duration.ZERO, random.nextInt(500)))),
                new Case(
                        "two URIs of one recording skipped in one second after the same milliseconds",
                        2,
                        1,
                        (music, random) -> {
                            int msPlayed = random.nextInt(500);
                            return List.of(
                                    Line.exported(
                                            music.moment(), music.uri("a"), music.name(), music.artist(), msPlayed),
                                    Line.exported(
                                            music.moment(), music.uri("b"), music.name(), music.artist(), msPlayed));
                        }),
                new Case(
                        "a track that was renamed and that no document names both ways",
                        1,
                        2,
                        (music, random) -> List.of(
                                Line.account(music.moment(), music.name(), music.artist(), 180_000),
                                Line.exported(
                                        music.moment().plusSeconds(random.nextInt(60)),
                                        music.uri(""),
                                        music.name() + " - Remastered",
                                        music.artist(),
                                        180_000))),
                new Case(
                        "a compilation of which account data names the track's artist and the export the album's",
                        1,
                        2,
                        (music, random) -> List.of(
                                Line.account(music.moment(), music.name(), music.artist(), 180_000),
                                Line.exported(
                                        music.moment().plusSeconds(random.nextInt(60)),
                                        music.uri(""),
                                        music.name(),
                                        "Various Artists",
                                        180_000))),
                new Case(
                        "two plays of one length in one minute, one exported and one only in the account data",
                        2,
                        1,
                        (music, random) -> List.of(
                                music.exported(Duration.ofSeconds(random.nextInt(60)), 900),
                                Line.account(music.moment(), music.name(), music.artist(), 900))));
    }

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        merge = new Merge(program);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void comesOutAsDocumentedInAnyOrder(Case each) throws Exception {
        Random random = new Random(each.what().hashCode());
        List<List<Line>> lives = IntStream.range(0, DRAWS)
                .mapToObj(i -> each.reports()
                        .apply(
                                new Music(
                                        i, Instant.parse("2020-01-01T20:00:00Z").plus(Duration.ofDays(9L * i))),
                                random))
                .toList();
        for (int order = 0; order < 3; order++) {
            int listener = merge.newListener();
            List<List<Line>> left = new ArrayList<>();
            lives.forEach(life -> left.add(new ArrayList<>(life)));
            while (!left.get(0).isEmpty()) {
                List<Line> step = new ArrayList<>();
                for (List<Line> life : left) {
                    Collections.shuffle(life, random);
                    step.add(life.remove(0));
                }
                merge.merge(listener, step);
            }
            assertThat(program.number("select count(*) from listening where listener_id = ?", listener))
                    .isEqualTo((long) DRAWS * each.stored());
            assertThat(merge.reconcile(listener)).isZero();
        }
    }
}
