package tracklog.web;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static java.math.RoundingMode.HALF_UP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static tracklog.web.KnownHistory.AUCKLAND;
import static tracklog.web.KnownHistory.by;
import static tracklog.web.KnownHistory.ms;
import static tracklog.web.KnownHistory.top;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import tracklog.TestProgram;
import tracklog.spotify.Spotify;
import tracklog.web.Browser.Shown;
import tracklog.web.KnownHistory.Play;

/**
 * The pages in a real browser on a known history: every figure that is shown against one reckoned here from the raw
 * plays, and everything that can be done from the page.
 */
class BrowserIT {

    private static final List<String> PAGES =
            List.of("recent", "artist", "diversity", "rhythm", "years", "wrapped", "log", "status", "connect");
    private static final KnownHistory HISTORY = new KnownHistory();
    private static final String FROM_2024 = "from=2024-01-01&to=2024-12-31";

    private static Spotify spotify;
    private static TestProgram program;
    private static Browser browser;
    private static String beforeTheFirstPlay;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        spotify = new Spotify();
        spotify.reset();
        spotify.consents(true);
        program = TestProgram.start(Map.of(
                "TIME_ZONE", AUCKLAND.getId(),
                "SPOTIFY_CLIENT_ID", "the-client-id",
                "SPOTIFY_CLIENT_SECRET", "the-client-secret",
                "SPOTIFY_ACCOUNTS_URL", spotify.url(),
                "SPOTIFY_API_URL", spotify.url(),
                "COLLECT_CRON", "0 0 0 1 1 ? 2099",
                "COLLECT_AT_START", "100000000",
                // A document that ends too early is not read twice.
                "INBOX_PATIENCE", "0"));
        browser.open(page("recent"));
        beforeTheFirstPlay = browser.text("main");
        browser.photograph(Path.of("target/screenshots/welcome.png"), 1280);
        drop("history.json", HISTORY.export());
        awaitImports(1);
        drop("polled.json", HISTORY.poll());
        awaitImports(2);
        drop("broken.json", "[{\"ts\": \"2024-01-01T00:00:00Z\", ");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(program.inbox().resolve(".failed"))
                        && program.number("select count(*) from import where state = 'failed'") == 1);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable one : Stream.of(browser, program, spotify)
                .filter(java.util.Objects::nonNull)
                .toArray(AutoCloseable[]::new)) {
            try {
                one.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @AfterEach
    void onlyTheFirstListenerStays() throws Exception {
        for (String table : List.of("rejected_line", "play", "track_alias", "import", "listener")) {
            program.execute("delete from " + table + " where listener_id > 1");
        }
    }

    @AfterEach
    void nothingWasComplainedAbout() {
        assertThat(browser.complaints()).isEmpty();
    }

    private static String page(String hash) {
        return program.http("/#/" + hash);
    }

    private static void drop(String name, String content) throws Exception {
        Files.move(
                Files.writeString(program.dataDir().resolve(name), content),
                program.inbox().resolve(name));
    }

    private static void awaitImports(int count) {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> program.number("select count(*) from import where state = 'done'") == count);
    }

    // ---- As the page writes it

    private static String number(long value) {
        return String.format(Locale.UK, "%,d", value);
    }

    private static String tenth(BigDecimal value) {
        BigDecimal rounded = value.setScale(1, HALF_UP).stripTrailingZeros();
        return String.format(Locale.UK, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
    }

    private static BigDecimal exactHours(List<Play> plays) {
        return BigDecimal.valueOf(ms(plays)).divide(BigDecimal.valueOf(3_600_000), 3, HALF_UP);
    }

    private static String hours(List<Play> plays) {
        return hours(exactHours(plays));
    }

    private static String hours(BigDecimal hours) {
        return hours.intValue() < 100
                ? String.format(Locale.UK, "%.1f", hours.setScale(1, HALF_UP))
                : number(hours.setScale(0, HALF_UP).longValue());
    }

    private static BigDecimal percent(BigDecimal part, BigDecimal whole, int digits) {
        return part.multiply(BigDecimal.valueOf(100)).divide(whole, digits, HALF_UP);
    }

    private static String change(BigDecimal now, BigDecimal before) {
        BigDecimal percent = percent(now.subtract(before), before, 1);
        return (percent.signum() > 0 ? "+" : "") + tenth(percent) + "%";
    }

    private static String date(TemporalAccessor day) {
        return DateTimeFormatter.ofPattern("d MMM yyyy", Locale.UK).format(day).replace("Sep ", "Sept ");
    }

    private static String moment(TemporalAccessor moment) {
        return date(moment) + ", " + DateTimeFormatter.ofPattern("HH:mm").format(moment);
    }

    private static String month(YearMonth month) {
        return date(month.atDay(1)).replaceFirst("^1 ", "");
    }

    private static String weekday(DayOfWeek day) {
        return day.getDisplayName(java.time.format.TextStyle.SHORT, Locale.UK);
    }

    private static List<String> row(Object... cells) {
        return Stream.of(cells).map(String::valueOf).toList();
    }

    private static List<String> playsAndHours(String name, List<Play> plays) {
        return row(name, number(plays.size()), hours(plays));
    }

    private static List<List<String>> ranking(List<Play> plays, Function<Play, String> name, int first, int count) {
        List<Map.Entry<String, List<Play>>> top = top(plays, name);
        return IntStream.range(first, Math.min(count, top.size()))
                .mapToObj(i -> row(
                        i + 1,
                        top.get(i).getKey(),
                        "",
                        number(top.get(i).getValue().size()),
                        hours(top.get(i).getValue())))
                .toList();
    }

    private static String withArtist(String name, Play play) {
        return name + " | " + play.artist();
    }

    private static long unique(List<Play> plays, Function<Play, Object> by) {
        return plays.stream().map(by).distinct().count();
    }

    private static BigDecimal popularity(List<Play> plays) {
        List<Integer> known = plays.stream()
                .map(Play::popularity)
                .filter(java.util.Objects::nonNull)
                .toList();
        return known.isEmpty()
                ? null
                : BigDecimal.valueOf(known.stream().mapToInt(Integer::intValue).sum())
                        .divide(BigDecimal.valueOf(known.size()), 1, HALF_UP);
    }

    /** The six figures: exact, and as written. */
    private static Map<String, BigDecimal> figures(List<Play> plays) {
        Map<String, BigDecimal> figures = new TreeMap<>(Map.of(
                "Tracks played", BigDecimal.valueOf(plays.size()),
                "Hours", exactHours(plays),
                "Artists", BigDecimal.valueOf(unique(plays, Play::artist)),
                "Albums", BigDecimal.valueOf(unique(plays, Play::album)),
                "Tracks", BigDecimal.valueOf(unique(plays, Play::track))));
        if (popularity(plays) != null) {
            figures.put("Average popularity", popularity(plays));
        }
        return figures;
    }

    private static String written(String figure, BigDecimal value) {
        return value == null
                ? "–"
                : switch (figure) {
                    case "Hours" -> hours(value);
                    case "Average popularity" -> tenth(value);
                    default -> number(value.longValue());
                };
    }

    private static void expectFigures(Shown shown, List<String> names, List<Play> now, List<Play> before) {
        Map<String, BigDecimal> these = figures(now);
        Map<String, BigDecimal> those = before == null ? Map.of() : figures(before);
        Map<String, List<String>> expected = new TreeMap<>();
        for (String name : names) {
            if (these.containsKey(name)) {
                List<String> lines = new ArrayList<>(List.of(written(name, these.get(name))));
                if (before != null) {
                    BigDecimal former = those.get(name);
                    lines.add((former == null || former.signum() == 0 ? "" : change(these.get(name), former) + " | ")
                            + "before: " + written(name, former));
                }
                expected.put(name, lines);
            }
        }
        assertThat(shown.figures()).containsAllEntriesOf(expected);
        assertThat(shown.figures().containsKey("Average popularity"))
                .isEqualTo(expected.containsKey("Average popularity"));
    }

    private static final List<String> SIX =
            List.of("Tracks played", "Hours", "Artists", "Albums", "Tracks", "Average popularity");

    // ---- The pages

    @Test
    void beforeTheFirstPlayThePageSaysWhatToDo() {
        assertThat(beforeTheFirstPlay)
                .contains(
                        "Nothing has been kept yet",
                        "Connect Spotify",
                        "Drop the export",
                        "Extended streaming history");
    }

    @ParameterizedTest
    @CsvSource({"2024-01-01, 2024-12-31", "2024-04-01, 2024-04-10", "2024-09-29, 2024-09-29", "2023-12-31, 2024-01-01"})
    void recentComparesARangeWithTheOneBefore(LocalDate from, LocalDate to) {
        List<Play> plays = HISTORY.heard(from, to);
        long days = ChronoUnit.DAYS.between(from, to) + 1;
        List<Play> before = HISTORY.heard(from.minusDays(days), from.minusDays(1));
        Shown shown = browser.open(page("recent?from=" + from + "&to=" + to));
        expectFigures(shown, SIX, plays, before);
        if (!plays.isEmpty()) {
            assertThat(Browser.body(shown.table("Top artists"))).isEqualTo(ranking(plays, Play::artist, 0, 10));
            browser.click("[aria-label='Top by'] button:nth-child(2)");
            assertThat(Browser.body(browser.read().table("Top albums")))
                    .isEqualTo(ranking(plays, play -> withArtist(play.album(), play), 0, 10));
            browser.click("[aria-label='Top by'] button:nth-child(3)");
            assertThat(Browser.body(browser.read().table("Top tracks")))
                    .isEqualTo(ranking(plays, play -> withArtist(play.song(), play), 0, 10));
        }
        Map<DayOfWeek, List<Play>> now = by(plays, play -> play.local().getDayOfWeek());
        Map<DayOfWeek, List<Play>> then = by(before, play -> play.local().getDayOfWeek());
        assertThat(Browser.body(shown.table("Day of week")))
                .isEqualTo(Stream.of(DayOfWeek.values())
                        .map(day -> beside(weekday(day), now.get(day), then.get(day)))
                        .toList());
        Map<Integer, List<Play>> nowByHour = by(plays, play -> play.local().getHour());
        Map<Integer, List<Play>> thenByHour = by(before, play -> play.local().getHour());
        assertThat(Browser.body(shown.table("Hour of day")))
                .isEqualTo(IntStream.range(0, 24)
                        .mapToObj(hour -> beside("" + hour, nowByHour.get(hour), thenByHour.get(hour)))
                        .toList());
    }

    private static List<String> beside(String name, List<Play> now, List<Play> before) {
        List<Play> these = now == null ? List.of() : now;
        List<Play> those = before == null ? List.of() : before;
        return row(name, number(these.size()), hours(these), number(those.size()), hours(those));
    }

    @Test
    void recentBeginsWithTheLast30DaysAndStepsBack() {
        expectFigures(
                browser.open(page("recent")),
                SIX,
                HISTORY.heard(HISTORY.today.minusDays(29), HISTORY.today),
                HISTORY.heard(HISTORY.today.minusDays(59), HISTORY.today.minusDays(30)));
        browser.click("#step-1");
        LocalDate from = HISTORY.today.minusDays(59);
        await().until(() -> browser.address().endsWith("?from=" + from + "&to=" + HISTORY.today.minusDays(30)));
        assertThat(browser.read().figures().get("Tracks played").get(0)).isEqualTo("3");
        browser.open(page("recent?from=2024-05-01&to=2024-05-31"));
        browser.click("#step-1");
        await().until(() -> browser.address().endsWith("?from=2024-04-01&to=2024-04-30"));
    }

    @Test
    void anArtistOverTime() {
        List<Play> plays = HISTORY.heard().stream()
                .filter(play -> play.artist().equals("Artist 4"))
                .toList();
        Shown shown = browser.open(page("artist?artist=artist%204"));
        expectFigures(shown, List.of("Tracks played", "Hours", "Albums", "Tracks"), plays, null);
        assertThat(Browser.body(shown.table("Over time")))
                .isEqualTo(by(plays, play -> YearMonth.from(play.day())).entrySet().stream()
                        .map(group -> playsAndHours(month(group.getKey()), group.getValue()))
                        .toList());
        Map<Month, List<Play>> months = by(plays, play -> play.day().getMonth());
        assertThat(Browser.body(shown.table("Share by month of the year")))
                .isEqualTo(Stream.of(Month.values())
                        .map(month -> {
                            int count = months.getOrDefault(month, List.of()).size();
                            BigDecimal share = percent(BigDecimal.valueOf(count), BigDecimal.valueOf(plays.size()), 2);
                            return row(
                                    month.getDisplayName(java.time.format.TextStyle.FULL, Locale.UK),
                                    tenth(share) + "%",
                                    number(count));
                        })
                        .toList());
        assertThat(Browser.body(shown.table("First ten plays")))
                .isEqualTo(plays.stream()
                        .limit(10)
                        .map(play -> row(moment(play.local()), play.song() + " | " + play.album()))
                        .toList());
        assertThat(Browser.body(shown.table("Top tracks")))
                .isEqualTo(ranking(plays, play -> withArtist(play.song(), play), 0, 10));
    }

    @Test
    void artistsAreFoundAndTheirTracksComePageByPage() {
        browser.open(page("artist"));
        browser.find("#artist").sendKeys("late bl");
        await().until(
                        () -> browser.run("return document.querySelector('#artists option')?.value"),
                        "Late Bloomer"::equals);
        browser.find("#artist").clear();
        browser.find("#artist").sendKeys("Late Bloomer", Keys.ENTER);
        await().until(() -> browser.address().contains("artist=Late+Bloomer"));
        assertThat(browser.read().figures().get("Tracks played")).containsExactly("150");

        List<Play> plays = HISTORY.heard();
        browser.open(page("artist"));
        browser.click("[aria-label='Top tracks'] .more button");
        await().untilAsserted(
                        () -> assertThat(browser.read().table("Top tracks")).hasSize(21));
        assertThat(Browser.body(browser.read().table("Top tracks")))
                .isEqualTo(ranking(plays, play -> withArtist(play.song(), play), 0, 20));
    }

    @Test
    void diversityCountsWhatIsDifferentAndWhatIsNew() {
        List<Play> plays = HISTORY.heard();
        Shown shown = browser.open(page("diversity"));
        expectFigures(shown, List.of("Artists", "Albums", "Tracks"), plays, null);
        Map<YearMonth, List<Play>> months = by(plays, play -> YearMonth.from(play.day()));
        assertThat(Browser.body(shown.table("Different ones each month")))
                .isEqualTo(months.entrySet().stream()
                        .map(of -> row(
                                month(of.getKey()),
                                unique(of.getValue(), Play::artist),
                                unique(of.getValue(), Play::album),
                                unique(of.getValue(), Play::track)))
                        .toList());
        assertThat(Browser.body(shown.table("Discovered each month")))
                .isEqualTo(months.keySet().stream()
                        .map(month -> row(
                                month(month),
                                discovered(month, Play::artist),
                                discovered(month, Play::album),
                                discovered(month, Play::track)))
                        .toList());
        assertThat(browser.open(page("diversity?" + FROM_2024)).table("Discovered each month"))
                .hasSize(13);
    }

    private static long discovered(YearMonth month, Function<Play, Object> what) {
        Map<Object, YearMonth> first = new java.util.HashMap<>();
        HISTORY.heard().forEach(play -> first.putIfAbsent(what.apply(play), YearMonth.from(play.day())));
        return first.values().stream().filter(month::equals).count();
    }

    @ParameterizedTest
    @CsvSource({"2024-01-01, 2024-12-31", "2024-04-06, 2024-04-08", "2023-03-01, 2024-12-31"})
    void rhythmCountsByTheClockOfTheListener(LocalDate from, LocalDate to) {
        List<Play> plays = HISTORY.heard(from, to);
        Shown shown = browser.open(page("rhythm?from=" + from + "&to=" + to));
        expectHeat(shown, plays, some -> BigDecimal.valueOf(some.size()), value -> number(value.longValue()));
        browser.click("[aria-label=Measure] button:nth-child(2)");
        await().untilAsserted(() -> assertThat(browser.text(".heat caption")).startsWith("hours"));
        expectHeat(browser.read(), plays, BrowserIT::exactHours, BrowserIT::hours);

        assertThat((List<?>)
                        browser.run("return [...document.querySelectorAll('a.day')].map((day) => day.title).sort()"))
                .isEqualTo(by(plays, Play::day).entrySet().stream()
                        .map(day -> date(day.getKey()) + ": "
                                + number(day.getValue().size()) + " plays")
                        .sorted()
                        .toList());
        assertThat(Browser.body(shown.table("Calendar")))
                .isEqualTo(by(plays, play -> -play.day().toEpochDay()).values().stream()
                        .map(day -> playsAndHours(date(day.get(0).day()), day))
                        .toList());
        assertThat(Browser.body(shown.table("Longest streaks")))
                .isEqualTo(KnownHistory.streaks(plays).stream()
                        .limit(5)
                        .map(days -> row(days.size(), date(days.get(0)), date(days.get(days.size() - 1))))
                        .toList());
        List<KnownHistory.Session> sessions = HISTORY.sessions(from, to);
        assertThat(Browser.body(shown.table("Sessions")))
                .isEqualTo(sessions.stream()
                        .limit(5)
                        .map(session -> row(
                                moment(session.start().atZone(AUCKLAND)),
                                moment(session.end().atZone(AUCKLAND)),
                                minutes(session).setScale(0, HALF_UP),
                                session.plays()))
                        .toList());
        BigDecimal count = BigDecimal.valueOf(sessions.size());
        assertThat(shown.figures())
                .containsEntry("Sessions", row(number(sessions.size())))
                .containsEntry("Longest, minutes", row(tenth(minutes(sessions.get(0)))))
                .containsEntry(
                        "Minutes on average",
                        row(tenth(BigDecimal.valueOf(sessions.stream()
                                        .mapToLong(one -> one.length().toMillis())
                                        .sum())
                                .divide(BigDecimal.valueOf(60_000).multiply(count), 1, HALF_UP))))
                .containsEntry(
                        "Plays on average",
                        row(tenth(BigDecimal.valueOf(sessions.stream()
                                        .mapToInt(KnownHistory.Session::plays)
                                        .sum())
                                .divide(count, 1, HALF_UP))));
    }

    private static BigDecimal minutes(KnownHistory.Session session) {
        return BigDecimal.valueOf(session.length().toMillis()).divide(BigDecimal.valueOf(60_000), 1, HALF_UP);
    }

    private static void expectHeat(
            Shown shown,
            List<Play> plays,
            Function<List<Play>, BigDecimal> measure,
            Function<BigDecimal, String> write) {
        BigDecimal[][] cells = new BigDecimal[8][25];
        for (BigDecimal[] line : cells) {
            java.util.Arrays.fill(line, BigDecimal.ZERO);
        }
        by(
                        plays,
                        play -> play.local().getDayOfWeek().getValue() * 100
                                + play.local().getHour())
                .forEach((key, some) -> cells[key / 100 - 1][key % 100] = measure.apply(some));
        for (int day = 0; day < 7; day++) {
            for (int hour = 0; hour < 24; hour++) {
                BigDecimal value = cells[day][hour];
                cells[day][24] = cells[day][24].add(value);
                cells[7][hour] = cells[7][hour].add(value);
                cells[7][24] = cells[7][24].add(value);
            }
        }
        List<List<String>> expected = new ArrayList<>();
        for (int day = 0; day < 8; day++) {
            List<String> line = new ArrayList<>(List.of(day == 7 ? "Total" : weekday(DayOfWeek.of(day + 1))));
            for (int hour = 0; hour < 25; hour++) {
                boolean inside = day < 7 && hour < 24;
                line.add(inside && cells[day][hour].signum() == 0 ? "" : write.apply(cells[day][hour]));
            }
            expected.add(line);
        }
        assertThat(Browser.body(shown.table("Day of week by hour"))).isEqualTo(expected);
    }

    @Test
    void anyTwoYearsAreCompared() {
        Shown shown = browser.open(page("years?year=2024&with=2023"));
        List<Play> year = HISTORY.heard(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 12, 31));
        List<Play> other = HISTORY.heard(LocalDate.of(2023, 1, 1), LocalDate.of(2023, 12, 31));
        assertThat(Browser.body(shown.table("2024 against 2023")))
                .isEqualTo(SIX.stream()
                        .map(name -> row(
                                name,
                                written(name, figures(year).get(name)),
                                written(name, figures(other).get(name)),
                                figures(other).get(name) == null
                                        ? "–"
                                        : change(
                                                figures(year).get(name),
                                                figures(other).get(name))))
                        .toList());
        assertThat(Browser.body(shown.table("Most played of 2024"))).isEqualTo(ranking(year, Play::artist, 0, 10));
        assertThat(Browser.body(shown.table("Most played of 2023"))).isEqualTo(ranking(other, Play::artist, 0, 10));
        List<List<String>> years =
                new ArrayList<>(by(HISTORY.heard(), play -> Year.from(play.day())).entrySet().stream()
                        .map(one -> playsAndHours(one.getKey().toString(), one.getValue()))
                        .toList());
        Collections.reverse(years);
        assertThat(Browser.body(shown.table("All years"))).isEqualTo(years);
    }

    @Test
    void thisYearIsComparedToTheSameDateToo() {
        int year = HISTORY.today.getYear();
        List<Play> now = HISTORY.heard(LocalDate.of(year, 1, 1), HISTORY.today);
        List<Play> toDate = HISTORY.heard(LocalDate.of(2024, 1, 1), HISTORY.today.withYear(2024));
        List<Play> inFull = HISTORY.heard(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 12, 31));
        List<List<String>> rows = Browser.body(
                browser.open(page("years?year=" + year + "&with=2024")).table(year + " against 2024"));
        assertThat(rows.subList(0, 5))
                .isEqualTo(SIX.subList(0, 5).stream()
                        .map(name -> row(
                                name,
                                written(name, figures(now).get(name)),
                                written(name, figures(toDate).get(name)),
                                change(figures(now).get(name), figures(toDate).get(name)),
                                written(name, figures(inFull).get(name)),
                                change(figures(now).get(name), figures(inFull).get(name))))
                        .toList());
    }

    @Test
    void wrappedTellsTheStoryOfAYear() {
        Shown shown = browser.open(page("wrapped?" + FROM_2024));
        List<Play> plays = HISTORY.heard(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 12, 31));
        Play first = plays.get(0);
        Play last = plays.get(plays.size() - 1);
        assertThat(browser.text(".hero strong"))
                .isEqualTo(number(BigDecimal.valueOf(ms(plays))
                        .divide(BigDecimal.valueOf(60_000), 1, HALF_UP)
                        .setScale(0, HALF_UP)
                        .longValue()));
        expectFigures(
                shown,
                List.of("Tracks played", "Artists", "Albums", "Tracks"),
                plays.stream().map(BrowserIT::withoutPopularity).toList(),
                HISTORY.heard(LocalDate.of(2022, 12, 31), LocalDate.of(2023, 12, 31)));
        List<Play> ended = plays.stream().filter(play -> !play.polled()).toList();
        long skips = ended.stream().filter(Play::skipped).count();
        assertThat(shown.figures())
                .containsEntry("First play", row(first.song(), first.artist(), moment(first.local())))
                .containsEntry("Last play", row(last.song(), last.artist(), moment(last.local())))
                .containsEntry("Most repeated in a day", row("Song 77", "Artist 9", "11 times on 10 Jun 2024"))
                .containsEntry("Biggest discovery", row("Late Bloomer", "150 plays", "since 1 Jul 2024"))
                .containsEntry(
                        "Skipped",
                        row(
                                tenth(percent(BigDecimal.valueOf(skips), BigDecimal.valueOf(ended.size()), 1)) + "%",
                                number(skips) + " skips",
                                "of the plays of which Spotify says how they ended"));
        assertThat(Browser.body(shown.table("Top artists"))).isEqualTo(ranking(plays, Play::artist, 0, 5));
        assertThat(Browser.body(shown.table("Top albums")))
                .isEqualTo(ranking(plays, play -> withArtist(play.album(), play), 0, 5));
        assertThat(Browser.body(shown.table("Top tracks")))
                .isEqualTo(ranking(plays, play -> withArtist(play.song(), play), 0, 5));
        assertThat(Browser.body(shown.table("Places")))
                .isEqualTo(named(
                        plays,
                        play -> play.polled() ? "Not said" : play.country().equals("SE") ? "Sweden" : "New Zealand"));
        assertThat(Browser.body(shown.table("Devices")))
                .isEqualTo(named(plays, play -> play.polled() ? "Not said" : play.device()));
    }

    private static Play withoutPopularity(Play play) {
        return new Play(play.at(), play.ms(), play.track(), play.polled(), null);
    }

    private static List<List<String>> named(List<Play> plays, Function<Play, String> name) {
        return top(plays, name).stream()
                .map(group -> row(group.getKey(), "", number(group.getValue().size()), hours(group.getValue())))
                .toList();
    }

    @Test
    void theLogHasEveryPlayOnceAndFindsThem() {
        LocalDate day = LocalDate.of(2024, 5, 5);
        List<List<String>> rows = Browser.body(
                browser.open(page("log?from=" + day + "&to=" + day)).table("Plays"));
        assertThat(rows.get(0)).singleElement().asString().startsWith("Sunday").endsWith("5 May 2024");
        expectLog(
                rows,
                HISTORY.all.stream().filter(play -> play.day().equals(day)).toList());
        assertThat(rows.stream().filter(row -> row.get(0).equals("17:05:05"))).hasSize(2);

        List<List<String>> reconciled = Browser.body(
                browser.open(page("log?from=2024-08-08&to=2024-08-09")).table("Plays"));
        expectLog(
                reconciled,
                HISTORY.all.stream()
                        .filter(play ->
                                KnownHistory.within(play.day(), LocalDate.of(2024, 8, 8), LocalDate.of(2024, 8, 9)))
                        .toList());

        browser.open(page("log"));
        for (int shown = 100; shown <= 150; shown += 50) {
            int rowsNow = shown;
            browser.click("[aria-label=Plays] .more button");
            await().until(() ->
                    plays(Browser.body(browser.read().table("Plays"))).size() == rowsNow);
        }
        expectLog(
                Browser.body(browser.read().table("Plays")),
                HISTORY.all.subList(HISTORY.all.size() - 150, HISTORY.all.size()));

        browser.open(page("log"));
        browser.find("#search").sendKeys("late BLOOM", Keys.ENTER);
        await().until(() -> browser.address().contains("search=late+BLOOM"));
        assertThat(plays(Browser.body(browser.read().table("Plays"))))
                .hasSize(50)
                .allMatch(row -> row.get(1).contains("Late Bloomer"));
    }

    @Test
    void aSpreadsheetGetsTheWholeLog() throws Exception {
        browser.open(page("log"));
        Path csv = browser.save("[aria-label='Plays as CSV']", program.dataDir().resolve("downloads"));
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.get(0)).startsWith("play_id,listener_id,played_at,local_time,name,artist_name,album_name,");
        assertThat(lines.subList(1, lines.size()).stream()
                        .map(line -> String.join(",", line.split(",", -1)[2], line.split(",", -1)[4])))
                .containsExactlyInAnyOrderElementsOf(HISTORY.all.stream()
                        .map(play -> play.at() + "," + play.song())
                        .toList());
    }

    private static List<List<String>> plays(List<List<String>> rows) {
        return rows.stream().filter(row -> row.size() > 1).toList();
    }

    private static void expectLog(List<List<String>> shown, List<Play> plays) {
        List<List<String>> expected = plays.stream()
                .map(play -> row(
                        DateTimeFormatter.ofPattern("HH:mm:ss").format(play.local()),
                        play.song() + " | " + play.artist() + " · " + play.album(),
                        play.polled() ? "≤ 3:20" : String.format("%d:%02d", seconds(play) / 60, seconds(play) % 60),
                        play.polled() ? "API" : HISTORY.isPolledToo(play) ? "Export | also API" : "Export"))
                .toList();
        assertThat(plays(shown)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(plays(shown).stream().map(row -> row.get(0)))
                .containsExactlyElementsOf(IntStream.range(0, expected.size())
                        .mapToObj(i -> expected.get(expected.size() - 1 - i).get(0))
                        .toList());
    }

    private static long seconds(Play play) {
        return Math.round(play.ms() / 1000.0);
    }

    @Test
    void theStatusHasTheBooks() throws Exception {
        Shown shown = browser.open(page("status"));
        long exported = HISTORY.all.size() - 1L;
        assertThat(shown.figures().get("Plays"))
                .containsExactly(number(HISTORY.heard().size()));
        assertThat(shown.figures().get("Since"))
                .containsExactly(date(HISTORY.all.get(0).local()));
        assertThat(shown.table("Imports").stream().map(row -> row.get(0).split(" ", 2)[0] + " " + row.subList(1, 6)))
                .contains(
                        "history.json " + row("done", number(exported + 1), number(exported), 0, 1),
                        "polled.json " + row("done", 2, 2, 0, 0),
                        "broken.json " + row("failed", 0, 0, 0, 0));
        assertThat(shown.table("Rejected lines").get(1).get(0)).contains("history.json, line " + number(exported + 1));
        assertThat(shown.table("Failed documents").get(1).toString()).contains("broken.json");
        assertThat(Browser.body(shown.table("Coverage")).stream().map(row -> row.get(0) + " " + row.get(1)))
                .containsExactlyInAnyOrder("API | 1 known better by another 2", "Export " + number(exported));
        assertThat(browser.text("[aria-label=Versions]")).contains("PostgreSQL 1", "Java ");
    }

    // ---- What can be done

    @Test
    void anUploadedArchiveIsWatchedAsItArrives() throws Exception {
        program.execute(
                "insert into listener (name, time_zone) values ('Bo', 'Europe/Stockholm') on conflict do nothing");
        int bo = (int) program.number("select listener_id from listener where name = 'Bo'");
        Path zip = program.dataDir().resolve("my_spotify_data.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("Spotify Extended Streaming History/Streaming_History_Audio_2024_0.json"));
            out.write(HISTORY.export().getBytes(UTF_8));
        }
        browser.open(page("status?listener=" + bo));
        try (Connection connection = program.store().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            // Whoever writes plays of a listener takes this lock: the import waits for it, and is seen running.
            connection.setAutoCommit(false);
            statement.execute("select hold_listener(" + bo + ")");
            browser.find("#export-file").sendKeys(zip.toAbsolutePath().toString());
            browser.awaitText(".told", "is in the inbox; its import shows below");
            browser.awaitText("[aria-label=Imports]", "running");
            assertThat(imported())
                    .as("so short a document is read before anyone asks")
                    .isNegative();
            program.execute("update import set lines_read = 1234, percent_read = 42 where state = 'running'");
            browser.awaitText("[aria-label=Imports]", "42% read");
            assertThat(imported()).isEqualTo(0.42);
            assertThat(browser.read().table("Imports").get(1).get(2)).isEqualTo("1,234");
            program.execute("update import set percent_read = 100 where state = 'running'");
            browser.awaitText("[aria-label=Imports] .state", "merging");
            assertThat(browser.find("progress[aria-label^='Upload']").getAttribute("value"))
                    .isEqualTo("1");
            connection.rollback();
        }
        browser.awaitText("[aria-label=Imports] .state", "done");
        long exported = HISTORY.all.size() - 1L;
        List<String> books = browser.read().table("Imports").get(1);
        assertThat(books.get(0)).startsWith("Streaming_History_Audio_2024_0.json");
        assertThat(books.subList(1, 6)).isEqualTo(row("done", number(exported + 1), number(exported), 0, 1));

        // The same moments are other days in Stockholm.
        LocalDate day = LocalDate.of(2023, 12, 31);
        long there = HISTORY.heard().stream()
                .filter(play -> !play.polled()
                        && play.at()
                                .atZone(java.time.ZoneId.of("Europe/Stockholm"))
                                .toLocalDate()
                                .equals(day))
                .count();
        assertThat(browser.open(page("recent?from=" + day + "&to=" + day + "&listener=" + bo))
                        .figures()
                        .get("Tracks played")
                        .get(0))
                .isEqualTo(number(there))
                .isNotEqualTo(number(HISTORY.heard(day, day).size()));
        assertThat(browser.text(".range")).contains("Europe/Stockholm");

        for (String name : PAGES.subList(0, 8)) {
            browser.open(page(name));
            assertThat(browser.text("#choose-listener")).isEqualTo("All listenersmeBo");
            browser.find("#choose-listener").sendKeys("Bo");
            await().until(() -> browser.address().endsWith("listener=" + bo));
            browser.read();
        }
    }

    /** How far the bar of the running import is, of 1; negative while that is not known. */
    private static double imported() {
        return ((Number) browser.run("return document.querySelector('[aria-label=Imports] progress').position"))
                .doubleValue();
    }

    @Test
    void anAccountIsConnectedExpiresAndIsConnectedAgain() throws Exception {
        spotify.reset();
        spotify.consents(true);
        spotify.answers(
                Spotify.TOKEN, okJson(Spotify.token("access-1", "refresh-1").replace("3600", "1")));
        browser.open(page("status"));
        assertThat(browser.text("[aria-label=Spotify]")).contains("not connected");
        assertThat(browser.read().figures().get("Next poll")).containsExactly("Not connected");
        browser.click("[aria-label=Spotify] .listeners a");
        browser.awaitText("h1", "Connect Spotify");
        browser.click("[aria-label=Connect] a.primary");
        browser.awaitText("h1", "Connected");
        browser.click("a.button");
        browser.awaitText("[aria-label=Spotify] .state", "connected");
        assertThat(browser.text("[aria-label=Spotify]")).contains("days left");

        // Six months later: the access token is over, and Spotify takes the refresh token no more.
        spotify.answers(Spotify.TOKEN, Spotify.invalid("invalid_grant", "Refresh token revoked"));
        poll();
        browser.open(page("status"));
        assertThat(browser.text("[aria-label=Spotify] .state")).isEqualTo("needs reconnect");
        spotify.answers(Spotify.TOKEN, okJson(Spotify.token("access-2", "refresh-2")));
        // A whole page of plays, none of them known: what was before them may be missing.
        Instant latest = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        spotify.plays(Spotify.items(50, latest.toString()));
        browser.click("[aria-label=Spotify] .listeners a.primary");
        browser.click("[aria-label=Connect] a.primary");
        browser.awaitText("h1", "Connected");
        browser.click("a.button");
        browser.awaitText("[aria-label=Spotify] .state", "connected");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> program.number("select count(*) from play where played_at > '2025-02-02'"
                                + " and source = 'recently_played'")
                        == 50);
        Shown status = browser.open(page("status"));
        assertThat(Browser.body(status.table("Gaps")))
                .containsExactly(row(
                        moment(HISTORY.all.get(HISTORY.all.size() - 1).local()),
                        moment(latest.minusSeconds(49 * 60).atZone(AUCKLAND))));
        assertThat(status.figures().get("Last play").get(0)).endsWith("ago");
        assertThat(status.figures().get("Next poll").get(0)).startsWith("in ");
        assertThat(status.table("Polls").get(1).subList(1, 5)).isEqualTo(row("done", 50, 50, 1));
        program.execute("delete from poll where items = 50");
        program.execute("delete from play where played_at > '2025-02-02' and source = 'recently_played'");

        // The browser runs elsewhere: it ends at an address where nobody answers, and that address is pasted.
        spotify.consents(false);
        spotify.plays();
        browser.open(page("connect"));
        browser.click("[aria-label=Connect] a.primary");
        await().until(() -> browser.address().contains("/authorize?"));
        String state = browser.address().replaceFirst(".*[?&]state=([^&]*).*", "$1");
        browser.open(page("connect"));
        browser.find("#pasted").sendKeys("https://example.org/?nothing");
        browser.press(Keys.ENTER);
        browser.awaitText("[role=alert]", "This is not that address");
        browser.find("#pasted").clear();
        browser.find("#pasted").sendKeys("http://127.0.0.1:1/callback?code=the-code&state=" + state);
        browser.press(Keys.ENTER);
        browser.awaitText("h1", "Connected");
    }

    private static void poll() throws Exception {
        try (ProducerTemplate template = program.context().createProducerTemplate()) {
            template.send(
                    "direct:poll-due-listeners",
                    firing -> firing.setVariable(
                            "fire_time", Instant.now().plus(1, ChronoUnit.HOURS).toString()));
        }
    }

    @Test
    void aListenerIsRenamedAndMoves() throws Exception {
        browser.open(page("status"));
        browser.click("[aria-label='Edit me']");
        browser.find(".listeners input").clear();
        browser.find(".listeners input").sendKeys("Ana");
        browser.run("document.querySelector('.listeners select').value = 'Asia/Tokyo'");
        browser.press(Keys.ENTER);
        browser.awaitText(".listeners strong", "Ana");
        assertThat(program.rows("select name, time_zone from listener where listener_id = 1"))
                .containsExactly(Map.of("name", "Ana", "time_zone", "Asia/Tokyo"));
        program.execute("update listener set name = 'me', time_zone = '" + AUCKLAND + "' where listener_id = 1");
    }

    // ---- How it is made

    @ParameterizedTest
    @ValueSource(strings = {"recent", "artist", "diversity", "rhythm", "years", "wrapped", "log", "status", "connect"})
    void everyPageIsForEveryone(String name) throws Exception {
        String hash = Map.of(
                        "recent",
                        "recent?from=2024-06-01&to=2024-06-30",
                        "years",
                        "years?year=2024",
                        "wrapped",
                        "wrapped?" + FROM_2024)
                .getOrDefault(name, name);
        browser.requests();
        browser.open(page(hash));
        browser.expectEveryChartIsDrawnAndToldInATable();
        assertThat(browser.barriers()).isEmpty();
        browser.photograph(Path.of("target/screenshots/" + name + "-light.png"), 1280);
        browser.expectEverythingReachedByKeyboard();
        browser.wear("dark", 1280);
        browser.read();
        assertThat(browser.barriers()).isEmpty();
        browser.photograph(Path.of("target/screenshots/" + name + "-dark.png"), 1280);
        browser.wear("light", 360);
        browser.open(page(hash));
        browser.expectEveryChartIsDrawnAndToldInATable();
        assertThat(browser.overhang()).isZero();
        browser.photograph(Path.of("target/screenshots/" + name + "-phone.png"), 360);
        browser.wear("light", 1280);
        assertThat(browser.requests().keySet())
                .isNotEmpty()
                .allMatch(url ->
                        url.startsWith(program.http("/")) || url.startsWith("about:") || url.startsWith("data:"));
    }

    @Test
    void aChangedFilterKeepsTheKeyboardWhereItWas() {
        browser.open(page("recent"));
        browser.run("document.getElementById('choose-range').focus()");
        browser.press(Keys.ARROW_DOWN);
        await().until(() -> browser.address().contains("days=90"));
        browser.read();
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("choose-range");
        browser.run("document.activeElement.blur()");
        browser.open(page("log"));
        browser.press(Keys.TAB, Keys.ENTER);
        assertThat(browser.address()).endsWith("#/log");
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("main");
    }

    @Test
    void numbersAndDatesAreInTheLanguageOfTheBrowser() {
        browser.speak("de-DE");
        try {
            Shown shown = browser.open(page("wrapped?" + FROM_2024));
            assertThat(shown.figures().get("Skipped").get(0)).matches("\\d+,\\d\\s?%");
            assertThat(shown.figures().get("Biggest discovery").get(2)).isEqualTo("since 01.07.2024");
        } finally {
            browser.speak("en-GB");
        }
    }

    @Test
    void allPagesTogetherAreLight() throws Exception {
        browser.forget();
        browser.requests();
        for (String name : PAGES) {
            browser.open(page(name));
            browser.expectEveryChartIsDrawnAndToldInATable();
        }
        Map<String, Long> own = new TreeMap<>(browser.requests());
        own.keySet().removeIf(url -> !url.startsWith(program.http("/")) || url.contains("/api/"));
        assertThat(own.keySet()).anyMatch(url -> url.contains("echarts"));
        assertThat(own.values().stream().mapToLong(Long::longValue).sum())
                .as("%s", own)
                .isBetween(100_000L, 450_000L);
    }
}
