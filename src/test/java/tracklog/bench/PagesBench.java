package tracklog.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static tracklog.bench.Row.Limit.atMost;
import static tracklog.bench.Row.Unit.MILLISECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.opentest4j.TestAbortedException;
import tracklog.TestProgram;
import tracklog.web.Browser;

/** Measures every page in Chromium with an empty cache, until every figure and every chart in view is drawn. */
final class PagesBench {

    private static final int PLAYS = 300_000;
    private static final int LIMIT = 1_000;

    private PagesBench() {}

    static void measure(Bench bench) throws Exception {
        int plays = Math.min(bench.size("stored"), PLAYS);
        try (TestProgram program = bench.program();
                Browser browser = Browser.start()) {
            StoredPlays.fill(program.store(), plays);
            Bench.settle(program.store());
            for (String page : pages(program)) {
                bench.report().add(row(browser, program.http("/#/" + page), page, plays, bench.size("rounds")));
            }
        } catch (TestAbortedException noChromium) {
            bench.report()
                    .add(new Row("pages", Double.MAX_VALUE, MILLISECONDS, atMost(LIMIT), noChromium.getMessage()));
        }
    }

    /** The pages with their default range, but ending on the last day with a play. */
    private static List<String> pages(TestProgram program) throws Exception {
        LocalDate last = LocalDate.parse(PanelsBench.get(program, "/status")
                .path("last_played_at")
                .asText()
                .substring(0, 10));
        JsonNode top = PanelsBench.get(program, "/panels/top?limit=1");
        return List.of(
                "recent?from=" + last.minusDays(29) + "&to=" + last,
                "artist",
                "artist?artist=" + URLEncoder.encode(top.at("/rows/0/name").asText(), UTF_8),
                "diversity",
                "rhythm",
                "years",
                "wrapped?from=" + last.minusDays(364) + "&to=" + last,
                "log",
                "status");
    }

    private static Row row(Browser browser, String url, String page, int plays, int rounds) throws Exception {
        double[] times = new double[rounds];
        Map<String, Long> requests = Map.of();
        for (int round = 0; round < rounds; round++) {
            browser.requests();
            times[round] = browser.openColdly(url);
            requests = browser.requests();
        }
        double first = times[0];
        Arrays.sort(times);
        return new Row(
                String.format(
                        Locale.ROOT,
                        "page %s, %,d plays",
                        page.replaceFirst("[?]artist=.*", " of one").replaceFirst("[?].*", ""),
                        plays),
                Bench.median(times),
                MILLISECONDS,
                atMost(LIMIT),
                String.format(
                        Locale.ROOT,
                        "median; first %.0f, slowest %.0f; %d requests of the API, %d kB; last longest: %s",
                        first,
                        times[rounds - 1],
                        requests.keySet().stream()
                                .filter(request -> request.contains("/api/"))
                                .count(),
                        requests.values().stream().mapToLong(Long::longValue).sum() / 1_000,
                        browser.slowestRequests()));
    }
}
