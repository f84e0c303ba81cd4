package tracklog.web;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What someone in Auckland played, and what can be said about it; all reckoned here from the raw plays. */
final class KnownHistory {

    static final ZoneId AUCKLAND = ZoneId.of("Pacific/Auckland");

    private static final int LATE_ARTIST = 900;
    private static final int LENGTH_OF_POLLED = 200_000;

    /** One play; those of the API have no end reason, and count with the length of their track. */
    record Play(Instant at, int ms, int track, boolean polled, Integer popularity) {

        ZonedDateTime local() {
            return at.atZone(AUCKLAND);
        }

        LocalDate day() {
            return local().toLocalDate();
        }

        Instant start() {
            return at.minusMillis(ms);
        }

        String song() {
            return "Song " + track;
        }

        String artist() {
            return track >= LATE_ARTIST ? "Late Bloomer" : "Artist " + track % 17;
        }

        String album() {
            return "Album " + track % 29 + " of " + artist();
        }

        String country() {
            return polled ? null : track % 3 == 0 ? "SE" : "NZ";
        }

        String device() {
            return polled ? null : track % 4 == 0 ? "iOS" : "Android";
        }

        boolean skipped() {
            // Of the track that a poll reported the length is known: skipped is what ends before its middle.
            return !polled && track % 5 == 0 && ms < (popularity == null ? 30_000 : LENGTH_OF_POLLED / 2);
        }

        private String exported() {
            return """
                    {"ts": "%s", "ms_played": %d, "master_metadata_track_name": "%s",
                     "master_metadata_album_artist_name": "%s", "master_metadata_album_album_name": "%s",
                     "spotify_track_uri": "spotify:track:%d", "conn_country": "%s",
                     "platform": "%s", "reason_end": "%s"}""".formatted(
                            at,
                            ms,
                            song(),
                            artist(),
                            album(),
                            1000 + track,
                            country(),
                            device().equals("iOS") ? "iOS 16.2 (iPhone12,1)" : "Android OS 12 API 31 (Google, Pixel 6)",
                            track % 5 == 0 ? "fwdbtn" : "trackdone");
        }

        private String reported() {
            return """
                    {"played_at": "%1$s",
                     "track": {"uri": "spotify:track:%2$d", "name": "%3$s", "popularity": %4$d, "duration_ms": %5$d,
                      "artists": [{"name": "%6$s"}],
                      "album": {"name": "%7$s", "artists": [{"name": "%6$s"}]}}}""".formatted(
                            at.plusMillis(500), 1000 + track, song(), popularity, LENGTH_OF_POLLED, artist(), album());
        }
    }

    private static final Duration TESTS_LAST = Duration.ofMinutes(10);

    /** The day that the history leads up to. */
    final LocalDate today = today();

    /** Every listening once, newest last, those of 0 ms included. */
    final List<Play> all;

    private final Play known;
    private final Play onlyPolled;

    KnownHistory() {
        Random random = new Random(5);
        Set<Play> plays = new HashSet<>();
        Instant at = Instant.parse("2023-03-03T08:00:00Z");
        while (at.isBefore(Instant.parse("2024-12-20T00:00:00Z"))) {
            at = at.plusSeconds(random.nextInt(8) > 0 ? 60 + random.nextInt(400) : 1_800 + random.nextInt(300_000));
            int ms = random.nextInt(9) == 0 ? 0 : random.nextInt(58_000);
            plays.add(exported(at, ms, (int) Math.pow(random.nextInt(20), 2)));
        }
        // 23:30 UTC is the next day in Auckland; clocks went back on 7 April 2024 and forward on 29 September.
        for (String moment : List.of(
                "2023-12-31T10:59:59Z",
                "2023-12-31T11:00:00Z",
                "2024-04-06T13:30:00Z",
                "2024-04-06T14:30:00Z",
                "2024-04-06T15:30:00Z",
                "2024-09-28T13:59:59Z",
                "2024-09-28T14:00:00Z",
                "2024-02-28T23:30:00Z")) {
            plays.add(exported(Instant.parse(moment), 29_000, 3));
        }
        // Two tracks that ended in the same second.
        plays.add(exported(Instant.parse("2024-05-05T05:05:05Z"), 1_000, 1));
        plays.add(exported(Instant.parse("2024-05-05T05:05:05Z"), 1_000, 2));
        // One song all day long, and an artist who came late and stayed.
        for (int hour = 0; hour < 11; hour++) {
            plays.add(exported(Instant.parse("2024-06-10T00:10:00Z").plusSeconds(3_600L * hour), 58_500 + hour, 77));
        }
        for (int day = 0; day < 150; day++) {
            plays.add(exported(
                    Instant.parse("2024-07-01T01:00:00Z").plus(day, ChronoUnit.DAYS), 57_000 + day, LATE_ARTIST));
        }
        // What is seen of the last 30 days, at noon, far from the edges of a day.
        for (int daysAgo : List.of(3, 4, 5, 20, 20, 25, 40, 41, 50)) {
            Instant noon = today.minusDays(daysAgo)
                    .atTime(12, daysAgo)
                    .atZone(AUCKLAND)
                    .toInstant();
            plays.add(exported(noon.plusSeconds(100L * (plays.size() % 10)), 40_000 + daysAgo, daysAgo));
        }
        known = new Play(Instant.parse("2024-08-08T08:08:08Z"), 180_000, 555, false, 40);
        onlyPolled = new Play(Instant.parse("2024-08-09T08:08:08.500Z"), LENGTH_OF_POLLED, 556, true, 61);
        plays.add(known);
        plays.add(onlyPolled);
        all = plays.stream().sorted(comparing(Play::at)).toList();
    }

    /** Waits for midnight if it is near, because the pages would be of another day than the history. */
    private static LocalDate today() {
        LocalDate today = LocalDate.now(AUCKLAND);
        try {
            while (!LocalDateTime.now(AUCKLAND).plus(TESTS_LAST).toLocalDate().equals(today)) {
                Thread.sleep(1_000);
                today = LocalDate.now(AUCKLAND);
            }
            return today;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Play exported(Instant at, int ms, int track) {
        return new Play(at, ms, track, false, null);
    }

    /** As Spotify exports it; the last line names nothing that was played. */
    String export() {
        return all.stream()
                .filter(play -> !play.polled)
                .map(Play::exported)
                .collect(joining(",\n", "[", ",\n{\"ts\": \"2024-01-01T00:00:00Z\", \"ms_played\": 1}]"));
    }

    /** As a poll reports it: one listening that the export has too, half a second later, and one that it has not. */
    String poll() {
        Play asPolled = new Play(onlyPolled.at.minusMillis(500), 0, onlyPolled.track, true, onlyPolled.popularity);
        return "{\"items\": [" + asPolled.reported() + ", " + known.reported() + "]}";
    }

    boolean isPolledToo(Play play) {
        return play.equals(known);
    }

    /** What counts: the plays that were heard. */
    List<Play> heard() {
        return all.stream().filter(play -> play.ms > 0).toList();
    }

    List<Play> heard(LocalDate from, LocalDate to) {
        return heard().stream().filter(play -> within(play.day(), from, to)).toList();
    }

    static boolean within(LocalDate day, LocalDate from, LocalDate to) {
        return !day.isBefore(from) && !day.isAfter(to);
    }

    static long ms(List<Play> plays) {
        return plays.stream().mapToLong(Play::ms).sum();
    }

    static <K> Map<K, List<Play>> by(List<Play> plays, Function<Play, K> key) {
        return plays.stream().collect(groupingBy(key, TreeMap::new, java.util.stream.Collectors.toList()));
    }

    /** The groups with the most plays first, then the longest. */
    static <K> List<Map.Entry<K, List<Play>>> top(List<Play> plays, Function<Play, K> key) {
        return by(plays, key).entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<K, List<Play>> group) ->
                                group.getValue().size())
                        .thenComparing(group -> ms(group.getValue()))
                        .reversed())
                .toList();
    }

    /** Days in a row with a play: the first, the last, the longest and latest first. */
    static List<List<LocalDate>> streaks(List<Play> plays) {
        List<List<LocalDate>> streaks = new ArrayList<>();
        plays.stream().map(Play::day).distinct().sorted().forEach(day -> {
            List<LocalDate> last = streaks.isEmpty() ? List.of() : streaks.get(streaks.size() - 1);
            if (!last.isEmpty() && last.get(last.size() - 1).plusDays(1).equals(day)) {
                last.add(day);
            } else {
                streaks.add(new ArrayList<>(List.of(day)));
            }
        });
        streaks.sort(comparing((List<LocalDate> streak) -> streak.size())
                .thenComparing(streak -> streak.get(0))
                .reversed());
        return streaks;
    }

    /** Plays without a pause of 30 minutes. */
    record Session(Instant start, Instant end, int plays) {

        Duration length() {
            return Duration.between(start, end);
        }
    }

    List<Session> sessions(LocalDate from, LocalDate to) {
        List<Session> sessions = new ArrayList<>();
        for (Play play : heard().stream()
                .sorted(comparing(Play::start).thenComparing(Play::at))
                .toList()) {
            Session last = sessions.isEmpty() ? null : sessions.get(sessions.size() - 1);
            if (last != null && Duration.between(last.end, play.start()).compareTo(Duration.ofMinutes(30)) < 0) {
                Instant end = last.end.isAfter(play.at) ? last.end : play.at;
                sessions.set(sessions.size() - 1, new Session(last.start, end, last.plays + 1));
            } else {
                sessions.add(new Session(play.start(), play.at, 1));
            }
        }
        return sessions.stream()
                .filter(session -> within(session.start.atZone(AUCKLAND).toLocalDate(), from, to))
                .sorted(comparing(Session::length).thenComparing(Session::start).reversed())
                .toList();
    }
}
