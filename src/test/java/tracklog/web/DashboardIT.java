package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tracklog.TestProgram;
import tracklog.store.SqlFiles;

/** The API on a known history: every figure against one computed here from the raw plays; and who may ask what. */
class DashboardIT {

    /** Numbers with all their digits, as they are written. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ZoneId AUCKLAND = ZoneId.of("Pacific/Auckland");

    private static final String FOREIGN_PLAY = "insert into play (listener_id, played_at, track_id, ms_played, source)"
            + " select 1, timestamptz '2025-07-07 07:07:07Z', min(track_id), 3600000, 'export' from track";

    /** One line of the export. */
    private record Play(Instant at, int ms, int track) {

        ZonedDateTime local() {
            return at.atZone(AUCKLAND);
        }

        LocalDate day() {
            return local().toLocalDate();
        }

        String artist() {
            return "Artist " + track % 17;
        }

        String album() {
            return "Album " + track % 29 + " of " + artist();
        }

        Instant start() {
            return at.minusMillis(ms);
        }

        String line() {
            return "{\"ts\": \"" + at + "\", \"ms_played\": " + ms + ", \"master_metadata_track_name\": \"Song " + track
                    + "\", \"master_metadata_album_artist_name\": \"" + artist()
                    + "\", \"master_metadata_album_album_name\": \"" + album()
                    + "\", \"spotify_track_uri\": \"spotify:track:" + (1000 + track)
                    + "\", \"conn_country\": \"NZ\", \"platform\": \"Android OS 12\", \"reason_end\": \""
                    + (track % 5 == 0 ? "fwdbtn" : "trackdone") + "\"}";
        }
    }

    private static TestProgram program;
    private static Client client;
    private static List<Play> all;
    private static List<Play> heard;
    private static JsonNode api;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of("TIME_ZONE", AUCKLAND.getId()));
        client = new Client(program);
        all = history();
        heard = all.stream().filter(play -> play.ms > 0).toList();
        drop("history.json", all.stream().map(Play::line).collect(Collectors.joining(",\n", "[", "]")));
        await().atMost(Duration.ofSeconds(90))
                .until(() -> program.number("select count(*) from import where state = 'done'") == 1);
        // The same listening as the API reports it: half a second later, and known to be popular.
        Play known = heard.stream().filter(play -> play.ms > 60_000).findFirst().orElseThrow();
        drop(
                "polled.json",
                "{\"items\": [{\"played_at\": \"" + known.at.plusMillis(500)
                        + "\", \"track\": {\"uri\": \"spotify:track:"
                        + (1000 + known.track) + "\", \"name\": \"Song " + known.track
                        + "\", \"popularity\": 40, \"artists\": [{\"name\": \"" + known.artist()
                        + "\"}], \"album\": {\"name\": \"" + known.album() + "\", \"artists\": [{\"name\": \""
                        + known.artist() + "\"}]}, \"duration_ms\": 200000}}]}");
        await().atMost(Duration.ofSeconds(90))
                .until(() -> program.number("select count(*) from import where state = 'done'") == 2);
        api = json("/api/v1/openapi");
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    private static void drop(String name, String content) throws Exception {
        Files.move(
                Files.writeString(program.dataDir().resolve(name), content),
                program.inbox().resolve(name));
    }

    /** Two years and a half, with the edges of days, months, years and daylight saving. */
    private static List<Play> history() {
        Random random = new Random(5);
        Set<Play> plays = new HashSet<>();
        Instant at = Instant.parse("2023-03-03T08:00:00Z");
        while (at.isBefore(Instant.parse("2025-08-09T00:00:00Z"))) {
            at = at.plusSeconds(random.nextInt(6) > 0 ? 60 + random.nextInt(400) : 1_800 + random.nextInt(200_000));
            int ms = random.nextInt(9) == 0 ? 0 : random.nextInt(58_000);
            plays.add(new Play(at, ms, (int) Math.pow(random.nextInt(20), 2)));
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
            plays.add(new Play(Instant.parse(moment), 29_000, 3));
        }
        plays.add(new Play(Instant.parse("2024-05-05T05:05:05Z"), 1_000, 1));
        plays.add(new Play(Instant.parse("2024-05-05T05:05:05Z"), 1_000, 2));
        plays.add(new Play(Instant.parse("2024-05-06T05:05:05Z"), 180_000, 4));
        // 0.0025 hours, in a year without others.
        plays.add(new Play(Instant.parse("2020-05-06T05:05:05Z"), 9_000, 4));
        return plays.stream().sorted(Comparator.comparing(Play::at)).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-03-01 2025-08-10", "2024-02-29 2024-02-29", "2023-12-31 2024-01-01", "2024-04-07 2024-09-29",
                "2023-06-15 2025-02-14", "2024-01-01 2024-12-31", "2024-03-05 2024-03-20", "2019-01-01 2019-12-31"
            })
    void theFiguresOfAnyRangeAreThoseOfItsPlays(String days) throws Exception {
        LocalDate from = LocalDate.parse(days.substring(0, 10));
        LocalDate to = LocalDate.parse(days.substring(11));
        long length = to.toEpochDay() - from.toEpochDay() + 1;
        JsonNode figures = json("/api/v1/panels/figures?from=" + from + "&to=" + to);
        boolean comparable = from.isAfter(heard.get(0).day());
        expectFigures(figures, "value", between(from, to));
        if (comparable) {
            expectFigures(figures, "before", between(from.minusDays(length), from.minusDays(1)));
        } else {
            assertThat(figures.path("rows").findValuesAsText("before")).containsOnly("null");
        }
        List<Play> range = between(from, to);
        String query = "?from=" + from + "&to=" + to;
        expectSums(
                "weekdays" + query,
                "weekday",
                range,
                play -> play.local().getDayOfWeek().getValue());
        expectSums("hours" + query, "hour", range, play -> play.local().getHour());
        expectSums("months" + query, "month", range, play -> play.local().getMonthValue());
        expectSums(
                "timeline" + query + "&step=day",
                "day",
                range,
                play -> play.day().toString());
        expectSums(
                "heatmap" + query,
                row -> row.get("weekday").asInt() * 100 + row.get("hour").asInt(),
                range,
                play -> play.local().getDayOfWeek().getValue() * 100
                        + play.local().getHour());
        expectSums(
                "timeline" + query + "&artist=Artist+4",
                "day",
                range.stream().filter(play -> play.artist().equals("Artist 4")).toList(),
                play -> YearMonth.from(play.day()) + "-01");
        expectSums("top" + query + "&limit=1000", "name", range, Play::artist);
        expectSums("top" + query + "&limit=1000&by=album", "name", range, Play::album);
        expectSums("top" + query + "&limit=1000&by=track", "name", range, play -> "Song " + play.track);
        expectStreaks(query, range);
        expectSessions(query, from, to);
    }

    private static List<Play> between(LocalDate from, LocalDate to) {
        return heard.stream()
                .filter(play -> !play.day().isBefore(from) && !play.day().isAfter(to))
                .toList();
    }

    private static void expectFigures(JsonNode panel, String column, List<Play> plays) {
        Map<String, Double> figures = new HashMap<>();
        panel.path("rows")
                .forEach(row ->
                        figures.put(row.get("figure").asText(), row.get(column).asDouble()));
        assertThat(figures.get("plays")).isEqualTo(plays.size());
        assertThat(figures.get("hours")).isCloseTo(hours(plays), within(0.0006));
        assertThat(figures.get("artists")).isEqualTo(unique(plays, Play::artist));
        assertThat(figures.get("albums")).isEqualTo(unique(plays, Play::album));
        assertThat(figures.get("tracks")).isEqualTo(unique(plays, Play::track));
    }

    private static double hours(List<Play> plays) {
        return plays.stream().mapToLong(Play::ms).sum() / 3_600_000.0;
    }

    private static double unique(List<Play> plays, Function<Play, Object> by) {
        return plays.stream().map(by).distinct().count();
    }

    private static void expectSums(String panel, String key, List<Play> plays, Function<Play, Object> by)
            throws Exception {
        expectSums(panel, row -> row.get(key).asText(), plays, by);
    }

    private static void expectSums(
            String panel, Function<JsonNode, Object> key, List<Play> plays, Function<Play, Object> by)
            throws Exception {
        Map<String, List<Play>> expected = plays.stream()
                .collect(Collectors.groupingBy(play -> by.apply(play).toString()));
        Map<String, Long> counts = new TreeMap<>();
        for (JsonNode row : json("/api/v1/panels/" + panel).path("rows")) {
            String name = key.apply(row).toString();
            List<Play> those = expected.getOrDefault(name, List.of());
            assertThat(row.get("hours").asDouble()).as(panel + " " + name).isCloseTo(hours(those), within(0.0006));
            if (row.get("plays").asLong() > 0) {
                counts.put(name, row.get("plays").asLong());
            }
        }
        Map<String, Long> wanted = new TreeMap<>();
        expected.forEach((name, those) -> wanted.put(name, (long) those.size()));
        assertThat(counts).as(panel).isEqualTo(wanted);
    }

    private static void expectStreaks(String query, List<Play> plays) throws Exception {
        TreeSet<LocalDate> days = plays.stream().map(Play::day).collect(Collectors.toCollection(TreeSet::new));
        long longest = 0;
        long run = 0;
        LocalDate last = null;
        for (LocalDate day : days) {
            run = last != null && last.plusDays(1).equals(day) ? run + 1 : 1;
            longest = Math.max(longest, run);
            last = day;
        }
        assertThat(json("/api/v1/panels/streaks" + query + "&limit=1")
                        .path("rows")
                        .path(0)
                        .path("days")
                        .asLong())
                .isEqualTo(longest);
    }

    private static void expectSessions(String query, LocalDate from, LocalDate to) throws Exception {
        List<Play> ordered = heard.stream()
                .sorted(Comparator.comparing(Play::start).thenComparing(Play::at))
                .toList();
        List<Instant[]> sessions = new ArrayList<>();
        for (Play play : ordered) {
            Instant[] current = sessions.isEmpty() ? null : sessions.get(sessions.size() - 1);
            if (current == null || !play.start().isBefore(current[1].plus(Duration.ofMinutes(30)))) {
                sessions.add(new Instant[] {play.start(), play.at});
            } else if (play.at.isAfter(current[1])) {
                current[1] = play.at;
            }
        }
        List<Double> minutes = sessions.stream()
                .filter(session -> {
                    LocalDate day = session[0].atZone(AUCKLAND).toLocalDate();
                    return !day.isBefore(from) && !day.isAfter(to);
                })
                .map(session -> Duration.between(session[0], session[1]).toMillis() / 60_000.0)
                .sorted(Comparator.reverseOrder())
                .toList();
        JsonNode figures =
                json("/api/v1/panels/session-figures" + query).path("rows").get(0);
        assertThat(figures.get("sessions").asInt()).isEqualTo(minutes.size());
        if (!minutes.isEmpty()) {
            assertThat(figures.get("longest_minutes").asDouble()).isCloseTo(minutes.get(0), within(0.06));
        }
    }

    @Test
    void halvesAreRoundedUpByEveryPanel() throws Exception {
        String range = "?from=2020-05-06&to=2020-05-06";
        for (String panel : List.of("timeline" + range, "years", "top" + range)) {
            assertThat(json("/api/v1/panels/" + panel).path("rows").findValuesAsText("hours"))
                    .as(panel)
                    .contains("0.003");
        }
    }

    @Test
    void allListenersTogetherHaveANameOnce() throws Exception {
        program.execute("insert into listener (name, time_zone) values ('second', 'Pacific/Auckland')");
        try {
            program.execute("insert into track (track_key, uri, kind, name, album_artist_name, album_name)"
                    + " values (track_key('spotify:episode:1', 'episode', null, null),"
                    + " 'spotify:episode:1', 'episode', 'One', 'Artist 3', 'Show'),"
                    + " (track_key('spotify:track:own', 'track', null, null),"
                    + " 'spotify:track:own', 'track', 'Own', 'Of the second alone', 'Own')");
            program.execute("insert into play (listener_id, played_at, track_id, ms_played, source)"
                    + " select listener.listener_id, played_at + interval '1 minute', play.track_id,"
                    + " 60000, 'export'::source"
                    + " from play join listener on name = 'second'"
                    + " where played_at between '2024-03-20' and '2024-06-10'"
                    + " union all"
                    + " select listener_id, timestamptz '2024-04-10', track_id, 60000, 'export'::source"
                    + " from track join listener on listener.name = 'second'"
                    + " where uri in ('spotify:episode:1', 'spotify:track:own')");
            figuresAreThoseOfThePlays("all", "music");
            figuresAreThoseOfThePlays("all", "spoken");
            figuresAreThoseOfThePlays("1", "music");
            figuresAreThoseOfThePlays("1", "spoken");
            Map<String, Object> april = program.rows(
                            "select count(distinct song_key) as tracks from heard join track using (track_id)"
                                    + " where not spoken and date_trunc('month', local_time) = '2024-04-01'")
                    .get(0);
            assertThat(json("/api/v1/panels/diversity?from=2024-04-01&to=2024-04-30")
                            .at("/rows/0/tracks")
                            .asLong())
                    .isEqualTo(april.get("tracks"));
        } finally {
            program.execute("delete from play where listener_id <> 1");
            program.execute("delete from track where uri in ('spotify:episode:1', 'spotify:track:own')");
            program.execute("delete from listener where listener_id <> 1");
        }
    }

    private void figuresAreThoseOfThePlays(String listener, String content) throws Exception {
        Map<String, Object> expected = program.rows(
                        "select count(*) as plays, count(distinct shown_artist_key) as artists,"
                                + " count(distinct album_key) as albums, count(distinct song_key) as tracks"
                                + " from heard join track using (track_id)"
                                + " where day between '2024-03-05' and '2024-06-04'"
                                + " and spoken = ? and (? or listener_id = 1)",
                        content.equals("spoken"),
                        listener.equals("all"))
                .get(0);
        JsonNode rows = json("/api/v1/panels/figures?from=2024-03-05&to=2024-06-04&listener=" + listener + "&content="
                        + content)
                .path("rows");
        Map<String, Object> told = new HashMap<>();
        rows.forEach(
                row -> told.put(row.get("figure").asText(), row.get("value").asLong()));
        assertThat(told).as("%s of %s", content, listener).containsAllEntriesOf(expected);
    }

    @Test
    void playsWrittenWhileTheClockIsChangedLieOnTheNewDay() throws Exception {
        program.execute("insert into listener (name, time_zone) values ('traveller', 'UTC')");
        try (Connection writer = program.store().dataSource().getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("select hold_listener(listener_id) from listener where name = 'traveller'");
            statement.execute("insert into play (listener_id, played_at, track_id, ms_played, source)"
                    + " select listener_id, timestamptz '2024-05-01 23:30Z', min(track_id), 60000, 'export'"
                    + " from listener cross join track where listener.name = 'traveller' group by listener_id");
            CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
                try {
                    program.execute("update listener set time_zone = 'Pacific/Auckland' where name = 'traveller'");
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            await().until(() -> change.isDone()
                    || program.number("select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0);
            writer.commit();
            change.get(30, TimeUnit.SECONDS);
            program.execute(SqlFiles.read("sum-stale-days"));
            assertThat(program.rows("select day::text, plays from heard_day"
                            + " join listener using (listener_id) where name = 'traveller'"))
                    .containsExactly(Map.of("day", "2024-05-02", "plays", 1));
        } finally {
            program.execute("delete from play where listener_id <> 1");
            program.execute("delete from listener where listener_id <> 1");
        }
    }

    @Test
    void eachMonthSaysWhatWasNew() throws Exception {
        Map<String, Function<Play, Object>> names =
                Map.of("artists", Play::artist, "albums", Play::album, "tracks", Play::track);
        JsonNode rows = json("/api/v1/panels/diversity").path("rows");
        for (Map.Entry<String, Function<Play, Object>> name : names.entrySet()) {
            Map<String, Set<Object>> months = new TreeMap<>();
            Map<String, Integer> discovered = new TreeMap<>();
            Set<Object> known = new HashSet<>();
            for (Play play : heard) {
                String month = YearMonth.from(play.day()) + "-01";
                Object heardName = name.getValue().apply(play);
                months.computeIfAbsent(month, any -> new HashSet<>()).add(heardName);
                discovered.merge(month, known.add(heardName) ? 1 : 0, Integer::sum);
            }
            Map<String, List<Integer>> expected = new TreeMap<>();
            months.forEach((month, those) -> expected.put(month, List.of(those.size(), discovered.get(month))));
            Map<String, List<Integer>> shown = new TreeMap<>();
            rows.forEach(row -> shown.put(
                    row.get("day").asText(),
                    List.of(
                            row.get(name.getKey()).asInt(),
                            row.get("new_" + name.getKey()).asInt())));
            assertThat(shown).as(name.getKey()).isEqualTo(expected);
        }
    }

    @Test
    void theLogShowsEveryPlayOnceAndPageByPage() throws Exception {
        List<String> seen = new ArrayList<>();
        String before = "";
        do {
            JsonNode page = json("/api/v1/panels/plays?limit=400" + before);
            page.path("rows")
                    .forEach(row -> seen.add(
                            row.get("played_at").asText() + row.get("track_uri").asText()));
            before = page.get("next").isNull()
                    ? null
                    : "&before=" + page.get("next").asText();
        } while (before != null);
        assertThat(seen)
                .isSortedAccordingTo(Comparator.comparing((String play) -> Instant.parse(play.substring(0, 20)))
                        .reversed())
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .map(play -> play.at + "spotify:track:" + (1000 + play.track))
                        .toList());
        assertThat(json("/api/v1/panels/plays?limit=1000&search=SONG+361")
                        .path("rows")
                        .size())
                .isEqualTo((int) all.stream().filter(play -> play.track == 361).count());
    }

    @Test
    void whatIsServedIsWhatIsDescribed() throws Exception {
        assertThat(api.path("paths").size()).isGreaterThan(30);
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            JsonNode get = path.getValue().get("get");
            if (get == null
                    || !get.at("/responses/200/content/application~1json/schema")
                            .isObject()) {
                continue;
            }
            ObjectNode schema =
                    get.at("/responses/200/content/application~1json/schema").deepCopy();
            schema.set("components", api.get("components"));
            JsonNode answer = json("/api/v1" + path.getKey());
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(answer))
                    .as(path.getKey() + " " + answer)
                    .isEmpty();
            if (path.getKey().startsWith("/panels/")) {
                HttpResponse<String> csv = get("/api/v1" + path.getKey() + "?format=csv");
                assertThat(csv.statusCode()).isEqualTo(200);
                assertThat(csv.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
                assertThat(csv.body().lines().skip(1))
                        .as(path.getKey())
                        .containsExactlyElementsOf(
                                StreamSupport.stream(answer.path("rows").spliterator(), false)
                                        .map(DashboardIT::spreadsheetLine)
                                        .toList());
                assertThat(get("/api/v1" + path.getKey() + "?no_such_thing=1").statusCode())
                        .isEqualTo(400);
            }
        }
    }

    private static String spreadsheetLine(JsonNode row) {
        return StreamSupport.stream(row.spliterator(), false)
                .map(value -> value.isNull() ? "" : value.asText())
                .map(text -> text.contains(",") ? "\"" + text + "\"" : text)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "figures?from=yesterday", "figures?listener=1%20or%201=1", "figures?listener=99", "top?by=plays;drop",
                "top?limit=0", "top?offset=-1", "figures?from=2024-02-02&to=2024-01-01",
                        "figures?from=2024-01-01&days=3",
                "plays?before=1", "plays?search=%00", "figures?days=3&days=4", "timeline?step=century"
            })
    void aWrongRequestIsToldWhatIsWrong(String request) throws Exception {
        HttpResponse<String> answer = get("/api/v1/panels/" + request);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(JSON.readTree(answer.body()).get("detail").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; drop table play; --", "%' or true --", "_", "\\", "$1", ":#limit"})
    void textIsNeverPartOfAStatement(String text) throws Exception {
        String encoded = URLEncoder.encode(text, UTF_8);
        assertThat(json("/api/v1/panels/plays?search=" + encoded).path("rows")).isEmpty();
        assertThat(json("/api/v1/panels/artists?search=" + encoded).path("rows"))
                .isEmpty();
        assertThat(json("/api/v1/panels/top?artist=" + encoded).path("rows")).isEmpty();
        assertThat(program.number("select count(*) from play")).isEqualTo(all.size() + 1L);
    }

    @Test
    void anUnchangedPanelCostsNothing() throws Exception {
        String tag = get("/api/v1/panels/top").headers().firstValue("etag").orElseThrow();
        // Whoever asks the table now waits: the query of an unchanged panel is not run at all.
        try (Connection connection = program.store().dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("lock table heard_track in access exclusive mode");
            HttpResponse<String> again = client.send(client.request("/api/v1/panels/top")
                    .header("If-None-Match", tag)
                    .timeout(Duration.ofSeconds(30))
                    .GET());
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            connection.rollback();
        }
        assertThat(client.send(client.request("/api/v1/panels/top?by=album")
                                .header("If-None-Match", tag)
                                .GET())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aDayThatAnotherProgramHasChangedIsShownAtOnce() throws Exception {
        JsonNode before = json("/api/v1/panels/years").at("/rows/0");
        program.execute(FOREIGN_PLAY);
        try {
            assertThat(json("/api/v1/panels/years").at("/rows/0"))
                    .isEqualTo(((ObjectNode) before.deepCopy())
                            .put("plays", before.get("plays").asInt() + 1)
                            .put("hours", before.get("hours").decimalValue().add(BigDecimal.ONE)));
        } finally {
            program.execute("delete from play where ms_played = 3600000");
        }
        assertThat(json("/api/v1/panels/years").at("/rows/0")).isEqualTo(before);
    }

    @Test
    void aPanelDoesNotWaitForAWriter() throws Exception {
        JsonNode before = json("/api/v1/panels/years").at("/rows/0");
        program.execute(FOREIGN_PLAY);
        try (Connection writer = program.store().dataSource().getConnection()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("select hold_listener(1)");
            assertThat(json("/api/v1/panels/years").at("/rows/0")).isEqualTo(before);
            writer.rollback();
        } finally {
            program.execute("delete from play where ms_played = 3600000");
        }
    }

    @Test
    void aTimerSumsWhatNobodyAsksFor() throws Exception {
        program.context().getRouteController().stopRoute("sum-every-minute");
        program.execute("insert into stale_day values (1, '2024-05-05')");
        program.context().getRouteController().startRoute("sum-every-minute");
        await().atMost(Duration.ofSeconds(30)).until(() -> program.number("select count(*) from stale_day") == 0);
    }

    @Test
    void aChangedClockIsShownAtOnce() throws Exception {
        String day = "/api/v1/panels/figures?from=2023-12-31&to=2023-12-31";
        JsonNode before = json(day).path("rows");
        assertThat(changeClock("UTC")).isEqualTo(200);
        try {
            // Read from the table: a panel would sum by itself.
            assertThat(program.number("select count(*) from stale_day")).isZero();
            assertThat(json(day).at("/rows/0/value").asInt()).isEqualTo((int) heard.stream()
                    .filter(play -> play.at.toString().startsWith("2023-12-31"))
                    .count());
        } finally {
            assertThat(changeClock(AUCKLAND.getId())).isEqualTo(200);
        }
        assertThat(json(day).path("rows")).isEqualTo(before);
    }

    private static int changeClock(String zone) throws Exception {
        return client.send(client.change("/api/v1/listeners/1")
                        .method("PATCH", BodyPublishers.ofString("{\"time_zone\": \"" + zone + "\"}")))
                .statusCode();
    }

    @Test
    void aNewNameIsShownAtOnce() throws Exception {
        String before =
                get("/api/v1/panels/diversity").headers().firstValue("etag").orElseThrow();
        program.execute("update track set artist_name = 'Someone else' where uri = 'spotify:track:1361'");
        try {
            HttpResponse<String> after = client.send(client.request("/api/v1/panels/diversity")
                    .header("If-None-Match", before)
                    .GET());
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(json("/api/v1/panels/top?artist=Someone+else&by=track").path("rows"))
                    .hasSize(1);
            assertThat(json("/api/v1/panels/figures").at("/rows/2/value").asLong())
                    .isEqualTo(heard.stream()
                            .map(play -> play.track == 361 ? "Someone else" : play.artist())
                            .distinct()
                            .count());
            for (JsonNode month : JSON.readTree(after.body()).path("rows")) {
                YearMonth of = YearMonth.parse(month.path("day").asText().substring(0, 7));
                List<Play> plays = heard.stream()
                        .filter(play -> YearMonth.from(play.day()).equals(of))
                        .toList();
                assertThat(month.path("artists").asLong())
                        .as(of.toString())
                        .isEqualTo(plays.stream()
                                .map(play -> play.track == 361 ? "Someone else" : play.artist())
                                .distinct()
                                .count());
            }
        } finally {
            program.execute("update track set artist_name = null where uri = 'spotify:track:1361'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example:8080", "localhost.evil", "192.0.2.1:8080", ""})
    void withoutAPasswordOnlyThisMachineIsAnswered(String host) throws Exception {
        assertThat(client.raw("GET /api/v1/listeners HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(client.raw("GET /api/v1/listeners HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aChangeMustComeFromThePage() throws Exception {
        String path = "/api/v1/listeners";
        String body = "{\"name\": \"Someone\"}";
        assertThat(client.send(client.request(path).POST(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(client.change(path)
                                .header("Origin", "http://evil.example")
                                .POST(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(client.change(path)
                                .header("Sec-Fetch-Site", "cross-site")
                                .POST(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(client.change(path).POST(BodyPublishers.ofString("{\"name\": \"../up\"}")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.send(client.change(path).POST(BodyPublishers.ofString("{\"name\": \"me\"}")))
                        .statusCode())
                .isEqualTo(409);
        HttpResponse<String> added = client.send(client.change(path).POST(BodyPublishers.ofString(body)));
        assertThat(added.statusCode()).isEqualTo(201);
        String own = path + "/" + JSON.readTree(added.body()).get("listener_id");
        assertThat(client.send(client.change(own)
                                .method("PATCH", BodyPublishers.ofString("{\"time_zone\": \"Mars/Base\"}")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(client.send(client.change(own)
                                .method("PATCH", BodyPublishers.ofString("{\"time_zone\": \"Asia/Tokyo\"}")))
                        .body())
                .contains("Someone", "Asia/Tokyo");
        program.execute("delete from listener where name = 'Someone'");
    }

    @Test
    void pagesComePackedAndGuarded() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'self'")
                .doesNotContain("unsafe");
        assertThat(client.send(client.request("/app.js")
                                .header("Accept-Encoding", "gzip")
                                .GET())
                        .headers()
                        .firstValue("content-encoding"))
                .hasValue("gzip");
        assertThat(client.raw(
                        "GET /../application.properties HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
        assertThat(get("/no-such-page").statusCode()).isEqualTo(404);
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(client.request(path).GET());
    }
}
