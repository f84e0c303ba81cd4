package tracklog.merge;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A few days of generated listening, and what each of Spotify's sources reports about them.
 *
 * <p>A clear life is unambiguous: a play that only one source reports is not near another play of the same track that a
 * more precise source reports. {@link IndistinguishableIT} has the ambiguous cases.
 */
final class Life {

    private static final int COUNTED = 30_000;
    private static final Duration TOLERANCE = Duration.ofSeconds(30);
    /** The export doubles a line with a time that is at most this much later. */
    private static final Duration DOUBLED = Duration.ofSeconds(12);

    /** One piece of music, under up to two URIs and two names. */
    private record Recording(
            String uri,
            String relinkedUri,
            String name,
            String laterName,
            String artist,
            String albumArtist,
            int duration) {

        String song() {
            return Life.song(name);
        }
    }

    /**
     * @param reportedAt when Spotify learned of it: online its end, offline the upload
     * @param toldStart the start that an export tells; of a play online it may be that of an earlier play
     */
    private record Listening(
            int number,
            Recording recording,
            Instant started,
            Instant ended,
            int msPlayed,
            boolean offline,
            Instant reportedAt,
            Instant toldStart,
            Instant polledAs,
            Instant known) {

        Instant second() {
            return reportedAt.truncatedTo(ChronoUnit.SECONDS);
        }

        boolean sameContent(Listening other) {
            return recording.equals(other.recording) && msPlayed == other.msPlayed;
        }

        /** Returns every moment that a source can tell. */
        List<Instant> moments() {
            return Stream.of(started, ended, second(), second().minusMillis(msPlayed), toldStart)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /** What the lines of a document tell of starts. */
    private enum Starts {
        NONE,
        SECONDS,
        MILLISECONDS
    }

    /** The expected result for one play: the report of the most precise source. */
    record Report(String source, Instant playedAt, String song, Integer msPlayed) {}

    private final Random random;
    private final String id;
    private final boolean clear;
    private final boolean renames;
    private final List<Starts> starts;
    private final boolean accountTellsEnds;
    private final List<Recording> recordings = new ArrayList<>();
    private final List<Listening> listenings = new ArrayList<>();
    private final Set<Instant> polledMoments = new HashSet<>();
    private final List<List<Line>> documents = new ArrayList<>();

    private final Set<Listening> exported = new HashSet<>();
    private final Set<Listening> accounted = new HashSet<>();
    private final Set<Listening> polled = new HashSet<>();
    private List<Instant> cuts = List.of();
    private int doubtful;

    /** @param number distinguishes lives of one listener, which have different music and are months apart */
    Life(long seed, int number) {
        random = new Random(seed);
        id = "%06d".formatted(number);
        clear = random.nextBoolean();
        renames = random.nextBoolean();
        starts = Stream.generate(() -> Starts.values()[random.nextInt(3)])
                .limit(2)
                .toList();
        accountTellsEnds = random.nextBoolean() && allTellStarts();
        for (int i = 0, n = 1 + random.nextInt(4); i < n; i++) {
            recordings.add(recording(i));
        }
        // The night of a change to or from daylight saving time in Europe.
        Instant start = LocalDate.of(2007 + number, random.nextBoolean() ? Month.MARCH : Month.OCTOBER, 1)
                .with(TemporalAdjusters.lastInMonth(DayOfWeek.SUNDAY))
                .atTime(0, 20)
                .toInstant(ZoneOffset.UTC);
        listen(start, 5 + random.nextInt(random.nextInt(5) == 0 ? 55 : 20));
        report();
    }

    boolean isOf(String trackName) {
        return song(trackName).endsWith(" of life " + id);
    }

    boolean clear() {
        return clear;
    }

    /** Returns the number of reports that were left out because they are ambiguous. */
    int doubtful() {
        return doubtful;
    }

    int listenings() {
        return listenings.size();
    }

    /** Returns each document and each page of a poll, in the order in which Spotify delivered them. */
    List<List<Line>> documents() {
        return documents;
    }

    /** Returns the documents in a random order, split into parts as Spotify could split them, with some repeated. */
    List<List<Line>> shuffledDocuments() {
        List<List<Line>> shuffled = new ArrayList<>();
        for (List<Line> document : documents) {
            if (document.size() > 1 && random.nextBoolean() && !document.get(0).isOf("account_data")) {
                int cut = 1 + random.nextInt(document.size() - 1);
                shuffled.add(document.subList(0, cut));
                shuffled.add(document.subList(Math.max(0, cut - 2), document.size()));
            } else {
                shuffled.add(document);
            }
        }
        for (int i = 0, n = documents.isEmpty() ? 0 : random.nextInt(3); i < n; i++) {
            shuffled.add(shuffled.get(random.nextInt(shuffled.size())));
        }
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Returns the expected history: each play that any source reports, once. */
    List<Report> truth() {
        return listenings.stream()
                .flatMap(listening -> {
                    if (exported.contains(listening)) {
                        return Stream.of(new Report(
                                "export",
                                exportedEnd(listening),
                                listening.recording().song(),
                                listening.msPlayed()));
                    }
                    if (accounted.contains(listening)) {
                        return Stream.of(new Report(
                                "account_data",
                                minute(listening),
                                listening.recording().song(),
                                listening.msPlayed()));
                    }
                    return polled.contains(listening)
                            ? Stream.of(new Report(
                                    "recently_played",
                                    listening.polledAs(),
                                    listening.recording().song(),
                                    null))
                            : Stream.of();
                })
                .toList();
    }

    /** Returns the part of a track's name that identifies the music under each of its names. */
    static String song(String name) {
        return name.toLowerCase(Locale.ROOT).replace(" - remastered", "");
    }

    private Recording recording(int i) {
        String name = "Song " + i + " of life " + id;
        String artist = "Artist " + i + " of life " + id;
        String uri = "spotify:track:" + id + "x" + i;
        boolean relinked = random.nextInt(3) == 0;
        return new Recording(
                uri,
                relinked ? uri + "b" : uri,
                name,
                !relinked && renames && random.nextInt(3) == 0 ? name + " - Remastered" : name,
                artist,
                random.nextInt(4) == 0 ? "Various Artists" : artist,
                switch (random.nextInt(3)) {
                    case 0 -> 31_000;
                    case 1 -> 31_000 + random.nextInt(60_000);
                    default -> 31_000 + random.nextInt(570_000);
                });
    }

    private void listen(Instant start, int plays) {
        boolean phoneStampsStart = random.nextBoolean();
        boolean desktopStampsStart = random.nextInt(4) == 0;
        Instant now = start;
        Recording recording = any(recordings);
        int offlineLeft = 0;
        List<Listening> burst = new ArrayList<>();
        boolean burstPolledLate = false;
        boolean desktop = false;
        Instant stuck = start.minusSeconds(86_400);
        for (int i = 0; i < plays; i++) {
            if (random.nextInt(5) >= 3) {
                recording = any(recordings);
            }
            if (random.nextInt(8) == 0 && offlineLeft == 0) {
                now = now.plusSeconds(random.nextInt(3) == 0 ? 40_000 : 30 + random.nextInt(4_000));
                desktop = random.nextBoolean();
            }
            int msPlayed =
                    switch (random.nextInt(8)) {
                        case 0 -> random.nextInt(3) == 0 ? 0 : random.nextInt(900);
                        case 1 -> random.nextInt(COUNTED);
                        case 2 -> COUNTED + random.nextInt(recording.duration() - COUNTED);
                        default -> recording.duration();
                    };
            int paused = random.nextInt(10) == 0 ? random.nextInt(clear ? 20_000 : 90_000) : 0;
            Instant ended = now.plusMillis(msPlayed + paused);
            boolean stampsStart = desktop ? desktopStampsStart : phoneStampsStart;
            Instant polledAs = (stampsStart ? now : ended).plusMillis(random.nextInt(2_500) - 500L);
            if (offlineLeft == 0 && random.nextInt(8) == 0) {
                offlineLeft = 1 + random.nextInt(6);
                burstPolledLate = random.nextBoolean();
            }
            if (offlineLeft > 0) {
                Instant offlineEnd = now.plusMillis(msPlayed);
                stuck = now;
                burst.add(new Listening(
                        i, recording, now, offlineEnd, msPlayed, true, offlineEnd, now, polledAs, offlineEnd));
                now = offlineEnd.plusMillis(random.nextInt(3) == 0 ? random.nextInt(2_000) : 0);
                if (--offlineLeft == 0 || i == plays - 1) {
                    now = upload(burst, burstPolledLate);
                    offlineLeft = 0;
                }
                continue;
            }
            Instant toldStart =
                    switch (random.nextInt(3)) {
                        case 0 -> null;
                        case 1 -> stuck;
                        default -> now;
                    };
            add(new Listening(i, recording, now, ended, msPlayed, false, ended, toldStart, polledAs, ended));
            now = ended.plusMillis(random.nextInt(3) == 0 ? random.nextInt(2_000) : 0);
        }
    }

    /** Spotify receives the plays of a flight together, hours later. Returns the time at which life goes on. */
    private Instant upload(List<Listening> burst, boolean polledLate) {
        Instant sync = burst.get(burst.size() - 1)
                .ended()
                .plusSeconds(1_000 + random.nextInt(40_000))
                .truncatedTo(ChronoUnit.SECONDS);
        // Without starts, plays of one track that are uploaded in one second look like one.
        boolean inOneSecond = allTellStarts() && random.nextBoolean();
        boolean stampsStart = random.nextBoolean();
        for (int i = 0; i < burst.size(); i++) {
            Listening played = burst.get(i);
            Instant reportedAt = sync.plusSeconds(inOneSecond ? 0 : i);
            Instant moment = stampsStart ? played.started() : played.ended();
            add(new Listening(
                    played.number(),
                    played.recording(),
                    played.started(),
                    played.ended(),
                    played.msPlayed(),
                    true,
                    reportedAt,
                    played.toldStart(),
                    (polledLate || !allTellStarts() ? reportedAt : moment).plusMillis(random.nextInt(1_000)),
                    reportedAt));
        }
        burst.clear();
        return sync.plusSeconds(700 + random.nextInt(1_000));
    }

    private boolean allTellStarts() {
        return !starts.contains(Starts.NONE);
    }

    private void add(Listening listening) {
        if (clear
                && listenings.stream().anyMatch(other -> other.sameContent(listening) && looksLike(other, listening))) {
            return;
        }
        Instant polledAs = listening.polledAs();
        while (!polledMoments.add(polledAs)) {
            polledAs = polledAs.plusMillis(1);
        }
        listenings.add(new Listening(
                listening.number(),
                listening.recording(),
                listening.started(),
                listening.ended(),
                listening.msPlayed(),
                listening.offline(),
                listening.reportedAt(),
                listening.toldStart(),
                polledAs,
                listening.known()));
    }

    /** A track that is skipped twice in a second, or one without starts that is uploaded twice in a second. */
    private boolean looksLike(Listening one, Listening other) {
        boolean told = one.offline() && other.offline() && allTellStarts();
        return (!told && one.second().equals(other.second()))
                || Duration.between(one.started(), other.started()).abs().compareTo(Duration.ofSeconds(2)) < 0;
    }

    private void report() {
        Instant first = listenings.get(0).started();
        Instant last = listenings.get(listenings.size() - 1).known();
        long span = Duration.between(first, last).toMillis();
        // Each source ends at a random time or is absent. The play in progress then is only in the next document.
        cuts = Stream.generate(() -> first.plusMillis((long) (span * random.nextDouble() * 1.3)))
                .limit(random.nextInt(3))
                .sorted()
                .toList();
        Instant accountFrom = first.plusMillis((long) (span * (random.nextDouble() - 0.5)));
        Instant accountTo =
                random.nextInt(3) == 0 ? first : first.plusMillis((long) (span * random.nextDouble() * 1.3));
        int window = random.nextBoolean() ? 50 : 3 + random.nextInt(10);
        List<Instant> polls = Stream.generate(() -> first.plusMillis((long) (span * random.nextDouble() * 1.2)))
                .limit(random.nextInt(5))
                .sorted()
                .toList();

        List<List<Listening>> pages = polls.stream()
                .map(poll -> {
                    List<Listening> counted = listenings.stream()
                            .filter(listening -> listening.msPlayed() >= COUNTED
                                    && !listening.known().isAfter(poll))
                            .toList();
                    return counted.subList(Math.max(0, counted.size() - window), counted.size());
                })
                .toList();
        cuts.forEach(cut -> listenings.stream()
                .filter(listening -> !listening.second().isAfter(cut))
                .forEach(exported::add));
        listenings.stream()
                .filter(listening -> listening.second().isAfter(accountFrom)
                        && listening.second().isBefore(accountTo))
                .forEach(accounted::add);
        pages.forEach(polled::addAll);
        if (clear) {
            withholdWhatIsDoubtful();
        }

        for (int i = 0; i < cuts.size(); i++) {
            Instant cut = cuts.get(i);
            boolean later = i == 1;
            Starts told = starts.get(i);
            Line.Layout layout = later || random.nextBoolean() ? Line.Layout.TODAY : Line.Layout.OF_2021;
            add(listenings.stream()
                    .filter(listening -> !listening.second().isAfter(cut))
                    .flatMap(listening ->
                            exportLines(listening, layout, later, later && isKnownByBothNames(listening, cuts), told))
                    .toList());
        }
        add(listenings.stream()
                .filter(accounted::contains)
                .map(this::accountLine)
                .toList());
        for (List<Listening> page : pages) {
            add(page.stream().filter(polled::contains).map(this::polledLine).toList());
        }
    }

    private void add(List<Line> document) {
        if (!document.isEmpty()) {
            documents.add(document);
        }
    }

    private void withholdWhatIsDoubtful() {
        int before = accounted.size() + polled.size();
        accounted.removeIf(listening -> !exported.contains(listening)
                && exported.stream()
                        .anyMatch(other -> other.sameContent(listening)
                                && other.moments().stream()
                                        .anyMatch(moment -> near(minute(listening), moment, Duration.ofMinutes(2)))));
        polled.removeIf(listening -> !exported.contains(listening)
                && exported.stream()
                        .anyMatch(other -> other.moments().stream()
                                .anyMatch(moment -> near(listening, other, moment, Duration.ZERO))));
        polled.removeIf(listening -> !exported.contains(listening)
                && !accounted.contains(listening)
                && accounted.stream()
                        .filter(other -> !exported.contains(other))
                        .anyMatch(other -> near(listening, other, minute(other), Duration.ofMinutes(1))
                                || near(
                                        listening,
                                        other,
                                        minute(other).minusMillis(other.msPlayed()),
                                        Duration.ofMinutes(1))));
        // Without an export only the polled time of an offline play can match its minute.
        polled.removeIf(listening -> !exported.contains(listening)
                && accounted.contains(listening)
                && !near(listening, listening, minute(listening), Duration.ofMinutes(1))
                && !near(
                        listening,
                        listening,
                        minute(listening).minusMillis(listening.msPlayed()),
                        Duration.ofMinutes(1)));
        doubtful = before - accounted.size() - polled.size();
    }

    private static boolean near(Listening polled, Listening other, Instant moment, Duration length) {
        return polled.recording().equals(other.recording())
                && other.msPlayed() >= COUNTED
                && !polled.polledAs().isBefore(moment.minus(TOLERANCE).minus(DOUBLED))
                && !polled.polledAs()
                        .isAfter(moment.plus(length).plus(TOLERANCE).plus(DOUBLED));
    }

    private static boolean near(Instant one, Instant other, Duration most) {
        return Duration.between(one, other).abs().compareTo(most) <= 0;
    }

    /** Returns the end that the export tells, by the life: of a play offline its start and its length tell it. */
    private Instant exportedEnd(Listening listening) {
        return IntStream.range(0, cuts.size())
                .filter(i -> listening.offline()
                        && starts.get(i) != Starts.NONE
                        && !listening.second().isAfter(cuts.get(i)))
                .mapToObj(i -> told(listening.started(), starts.get(i)).plusMillis(listening.msPlayed()))
                .min(Comparator.naturalOrder())
                .orElse(listening.second());
    }

    private static Instant told(Instant start, Starts starts) {
        return start.truncatedTo(starts == Starts.SECONDS ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
    }

    /** Otherwise no source links the new name to the old one. */
    private boolean isKnownByBothNames(Listening renamed, List<Instant> cuts) {
        return !clear
                || Stream.concat(
                                polled.stream(),
                                listenings.stream()
                                        .filter(listening -> !listening.second().isAfter(cuts.get(0))))
                        .anyMatch(listening -> listening.recording().equals(renamed.recording()));
    }

    /** Returns the line of a play, and now and then the same line with another time. */
    private Stream<Line> exportLines(
            Listening listening, Line.Layout layout, boolean later, boolean renamed, Starts told) {
        boolean doubled =
                random.nextInt(12) == 0 && (listening.offline() ? allTellStarts() : listening.msPlayed() >= COUNTED);
        Duration delay = listening.offline()
                ? Duration.ofSeconds(random.nextInt(100_000))
                : Duration.ofSeconds(random.nextInt((int) DOUBLED.toSeconds()));
        return Stream.of(listening.second(), listening.second().plus(delay))
                .limit(doubled ? 2 : 1)
                .map(reportedAt -> exportLine(listening, reportedAt, layout, later, renamed, told));
    }

    private Line exportLine(
            Listening listening, Instant reportedAt, Line.Layout layout, boolean later, boolean renamed, Starts told) {
        Recording recording = listening.recording();
        return Line.exported(
                layout,
                reportedAt,
                later ? recording.relinkedUri() : recording.uri(),
                renamed ? recording.laterName() : recording.name(),
                recording.albumArtist(),
                listening.msPlayed(),
                listening.offline(),
                offlineTimestamp(listening, told));
    }

    /** Returns null, 0 or nonsense where the document does not tell starts. */
    private Long offlineTimestamp(Listening listening, Starts told) {
        Instant start = listening.toldStart();
        if (start == null || told == Starts.NONE) {
            return switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> 0L;
                case 2 -> (long) random.nextInt(1_000);
                default ->
                    listening
                            .second()
                            .plusSeconds(1 + random.nextInt(1_000_000))
                            .toEpochMilli();
            };
        }
        return told == Starts.SECONDS ? start.getEpochSecond() : start.toEpochMilli();
    }

    /** Account data names the artist of the track only if another source does so too. Otherwise it is ambiguous. */
    private Line accountLine(Listening listening) {
        Recording recording = listening.recording();
        boolean artistIsKnown =
                polled.stream().anyMatch(other -> other.recording().equals(recording))
                        && recording.uri().equals(recording.relinkedUri());
        return Line.account(
                minute(listening),
                random.nextBoolean() ? recording.name().toUpperCase(Locale.ROOT) : recording.name(),
                (clear && !artistIsKnown) || random.nextBoolean() ? recording.albumArtist() : recording.artist(),
                listening.msPlayed());
    }

    private Line polledLine(Listening listening) {
        Recording recording = listening.recording();
        return Line.polled(
                        listening.polledAs(),
                        recording.uri(),
                        recording.name(),
                        recording.artist(),
                        recording.albumArtist())
                .with("duration_ms", recording.duration())
                .with("isrc", "ISRC" + recording.uri().hashCode())
                .with("popularity", listening.number() % 100)
                .with("context_uri", "spotify:playlist:" + listening.number() % 7);
    }

    private Instant minute(Listening listening) {
        return (accountTellsEnds ? listening.ended() : listening.second()).truncatedTo(ChronoUnit.MINUTES);
    }

    private Recording any(List<Recording> all) {
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public String toString() {
        return listenings.stream()
                .sorted(Comparator.comparing(Listening::second))
                .map(listening -> "%s%s%s %s"
                        .formatted(
                                exported.contains(listening) ? "E" : "-",
                                accounted.contains(listening) ? "D" : "-",
                                polled.contains(listening) ? "A" : "-",
                                listening))
                .collect(Collectors.joining("\n", "life " + id + (clear ? " (clear)\n" : " (doubtful)\n"), "\n"));
    }
}
