package tracklog.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static tracklog.bench.Row.Limit.atMost;
import static tracklog.bench.Row.Unit.CALLS;
import static tracklog.bench.Row.Unit.MILLISECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.quartz.CronExpression;
import tracklog.Settings;
import tracklog.TestProgram;
import tracklog.spotify.AccessTokens;

/** Measures storing a page of recently played tracks with a long history, and the calls to Spotify per day. */
final class PollBench {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 50;
    private static final int NEW = 5;

    /** Spotify's access tokens are valid for an hour. A token is not used in its last minute. */
    private static final Duration TOKEN = Duration.ofMinutes(59);

    private PollBench() {}

    static void measure(Bench bench) throws Exception {
        int stored = Math.min(bench.size("stored"), 1_000_000);
        try (TestProgram full = bench.program();
                TestProgram empty = bench.program()) {
            StoredPlays.fill(full.store(), stored);
            List<ObjectNode> known = items(full, stored, 5 * bench.size("requests"));
            Bench.settle(full.store());
            // The first polls of a JVM are slow, whatever is stored.
            compare(full, empty, later(known, 14_800));
            String what = "a poll with reconciliation, " + String.format(Locale.ROOT, "%,d", stored)
                    + " plays stored, against none, ";
            bench.report().add(compare(full, empty, known).row(what + "within the exported ones"));
            bench.report().add(compare(full, empty, later(known, 7_400)).row(what + "after them"));
        }
        calls(bench);
    }

    /** Medians, in milliseconds. */
    private record Comparison(double full, double empty) {

        Row row(String what) {
            return new Row(
                    what,
                    full - empty,
                    MILLISECONDS,
                    atMost(20),
                    String.format(Locale.ROOT, "more: %.1f ms against %.1f ms, median", full, empty));
        }
    }

    /** Runs the same polls on both alternately, so that other load on the machine affects both. */
    private static Comparison compare(TestProgram full, TestProgram empty, List<ObjectNode> items) throws Exception {
        double[] ofFull = new double[Math.max(1, (items.size() - PAGE) / NEW + 1)];
        double[] ofEmpty = new double[ofFull.length];
        for (int i = 0; i < ofFull.length; i++) {
            ArrayNode page =
                    JSON.createArrayNode().addAll(items.subList(i * NEW, Math.min(items.size(), i * NEW + PAGE)));
            ofFull[i] = milliseconds(full, page);
            ofEmpty[i] = milliseconds(empty, page);
        }
        return new Comparison(Bench.median(ofFull), Bench.median(ofEmpty));
    }

    /** Returns responses of the API for a number of polls, with plays in the middle of the stored ones. */
    private static List<ObjectNode> items(TestProgram program, int stored, int polls) throws Exception {
        return program
                .rows(
                        "select uri, name, album_artist_name, played_at::text from play join track using (track_id)"
                                + " where listener_id = (select min(listener_id) from listener)"
                                + " order by played_at offset ? limit ?",
                        stored / 2,
                        PAGE + (polls - 1) * NEW)
                .stream()
                .map(row -> {
                    ObjectNode item = JSON.createObjectNode();
                    String end =
                            row.get("played_at").toString().replace(' ', 'T').replaceFirst("\\+00$", "Z");
                    item.put("played_at", Instant.parse(end).plusMillis(317).toString());
                    ObjectNode track = item.putObject("track");
                    track.put("uri", row.get("uri").toString())
                            .put("name", row.get("name").toString());
                    track.put("duration_ms", 200_000).put("popularity", 40);
                    track.putArray("artists")
                            .addObject()
                            .put("name", row.get("album_artist_name").toString());
                    return item;
                })
                .toList();
    }

    private static List<ObjectNode> later(List<ObjectNode> items, int days) {
        return items.stream()
                .map(item -> item.deepCopy()
                        .put(
                                "played_at",
                                Instant.parse(item.get("played_at").textValue())
                                        .plus(Duration.ofDays(days))
                                        .toString()))
                .toList();
    }

    /** Measures one poll of the first listener with that page, by the poll's route, without the call itself. */
    static double milliseconds(TestProgram program, JsonNode page) throws Exception {
        int listener = (int) program.number("select min(listener_id) from listener");
        long poll = program.number(
                "insert into poll (listener_id, fire_time) values (?, clock_timestamp()) returning poll_id", listener);
        Exchange exchange =
                ExchangeBuilder.anExchange(program.context()).withBody(page).build();
        exchange.setVariable("listener_id", listener);
        exchange.setVariable("poll_id", poll);
        exchange.setVariable("response", page.toString().getBytes(UTF_8));
        try (var routes = program.context().createProducerTemplate()) {
            double seconds = Bench.seconds(() -> routes.send("direct:store-page", exchange));
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            return 1_000 * seconds;
        }
    }

    /** Counts the calls of two real polls, with and without a valid token, and derives the calls per day. */
    private static void calls(Bench bench) throws Exception {
        WireMockServer spotify = new WireMockServer(
                WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
        spotify.start();
        try {
            spotify.stubFor(WireMock.post("/api/token")
                    .willReturn(WireMock.okJson(
                            "{\"access_token\": \"a\", \"token_type\": \"Bearer\", \"expires_in\": 3600}")));
            spotify.stubFor(WireMock.get("/v1/me").willReturn(WireMock.okJson("{\"id\": \"anna\"}")));
            spotify.stubFor(WireMock.get(WireMock.urlPathEqualTo("/v1/me/player/recently-played"))
                    .willReturn(WireMock.okJson("{\"items\": []}")));
            Map<String, String> settings = new HashMap<>(Map.of(
                    "SPOTIFY_CLIENT_ID",
                    "id",
                    "SPOTIFY_CLIENT_SECRET",
                    "secret",
                    "SPOTIFY_REFRESH_TOKEN",
                    "refresh",
                    "SPOTIFY_ACCOUNTS_URL",
                    spotify.baseUrl(),
                    "SPOTIFY_API_URL",
                    spotify.baseUrl(),
                    "COLLECT_AT_START",
                    "1",
                    "COLLECT_CRON",
                    "* * * * * ?",
                    // Otherwise Tracklog would poll less often to stay within the daily calls.
                    "SPOTIFY_DAILY_CALLS",
                    "1000000"));
            try (TestProgram program = TestProgram.start(Bench.newFolder(), settings)) {
                callsOfNextPoll(program);
                long warm = callsOfNextPoll(program);
                program.context()
                        .getRegistry()
                        .lookupByNameAndType("accessTokens", AccessTokens.class)
                        .forget((int) program.number("select min(listener_id) from listener"));
                long cold = callsOfNextPoll(program);
                CronExpression cron = new CronExpression(new Settings(Map.of()).get("COLLECT_CRON"));
                Date midnight = Date.from(Instant.parse("2026-01-01T00:00:00Z"));
                long polls = 0;
                long refreshed = 0;
                Instant expires = Instant.MIN;
                for (Date next = midnight;
                        next.toInstant().isBefore(midnight.toInstant().plus(Duration.ofDays(1)));
                        next = cron.getNextValidTimeAfter(next)) {
                    polls++;
                    if (next.toInstant().isAfter(expires)) {
                        refreshed++;
                        expires = next.toInstant().plus(TOKEN);
                    }
                }
                bench.report()
                        .add(new Row(
                                "calls to Spotify a day at defaults, one listener",
                                (polls - refreshed) * warm + refreshed * cold,
                                CALLS,
                                atMost(130),
                                polls + " polls of " + warm + ", but " + refreshed + " of " + cold));
            }
        } finally {
            spotify.stop();
        }
    }

    /** Returns the maximum of the next two polls. The first poll of all also requests the account. */
    private static long callsOfNextPoll(TestProgram program) throws Exception {
        long last = program.number("select coalesce(max(poll_id), 0) from poll");
        String next =
                "select coalesce((select max(calls) from (select calls from poll where poll_id > ? and outcome = 'done'"
                        + " order by poll_id limit 2) as two having count(*) = 2), 0)";
        for (int i = 0; i < 600; i++) {
            long calls = program.number(next, last);
            if (calls > 0) {
                return calls;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("No two polls succeeded within a minute.");
    }
}
