package tracklog.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static tracklog.bench.Row.Limit.atMost;
import static tracklog.bench.Row.Unit.MILLISECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tracklog.TestProgram;

/** Measures every panel in the API description over HTTP, without cache, for each range and choice of the page. */
final class PanelsBench {

    private static final int SMALL = 300_000;
    private static final int MEDIUM = 1_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private PanelsBench() {}

    static void measure(Bench bench) throws Exception {
        int size = bench.size("stored");
        measure(bench, Math.min(size, SMALL), bench.size("requests"));
        if (size >= MEDIUM) {
            measure(bench, MEDIUM, bench.size("requests"));
        }
        if (size > MEDIUM) {
            measure(bench, size, Math.max(1, bench.size("requests") / 4));
        }
    }

    private static int limit(String path, int plays) {
        boolean ofAllNames = path.equals("/panels/diversity") || path.equals("/panels/top");
        return plays > MEDIUM ? 3_000 : plays > SMALL ? ofAllNames ? 1_000 : 500 : ofAllNames ? 400 : 150;
    }

    private static void measure(Bench bench, int plays, int rounds) throws Exception {
        try (TestProgram program = bench.program()) {
            StoredPlays.fill(program.store(), plays);
            Bench.settle(program.store());
            JsonNode api = get(program, "/openapi");
            String last =
                    get(program, "/status").path("last_played_at").asText().substring(0, 10);
            String artist =
                    get(program, "/panels/top?limit=1").at("/rows/0/name").asText();
            double before = yardstick(program);
            for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
                if (path.getKey().startsWith("/panels/")) {
                    JsonNode parameters = path.getValue().at("/get/parameters");
                    List<String> queries = queries(api, parameters, last, artist);
                    bench.report().add(row(program, path.getKey(), queries, plays, rounds));
                }
            }
            double after = yardstick(program);
            bench.report()
                    .add(new Row(
                            "this machine: PostgreSQL sorts 200,000 numbers",
                            (before + after) / 2,
                            MILLISECONDS,
                            null,
                            "before the panels " + Row.number(before) + " ms, after them " + Row.number(after)
                                    + " ms: milliseconds above are as good as this"));
        }
    }

    /** Sorts the same numbers on every machine, because a panel's limit is no ratio. Returns the median in ms. */
    private static double yardstick(TestProgram program) throws Exception {
        double[] times = new double[5];
        for (int i = 0; i < times.length; i++) {
            times[i] = 1_000
                    * Bench.seconds(() -> program.number(
                            "select count(distinct i * 7919::bigint % 1000003) from generate_series(1, 200000) as i"));
        }
        return Bench.median(times);
    }

    /** The parameters of a panel on the page. Each combination is measured. */
    private static List<String> queries(JsonNode api, JsonNode parameters, String last, String artist) {
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        StreamSupport.stream(parameters.spliterator(), false)
                .map(given ->
                        given.has("$ref") ? api.at(given.get("$ref").asText().substring(1)) : given)
                .forEach(parameter -> schemas.put(parameter.path("name").asText(), parameter.path("schema")));
        List<String> queries = List.of("");
        for (Map.Entry<String, JsonNode> parameter : schemas.entrySet()) {
            List<String> choices =
                    switch (parameter.getKey()) {
                        case "listener" -> List.of("", "&listener=1");
                        case "days" -> List.of("&days=30&to=" + last, "&days=365&to=" + last, "&to=" + last);
                        case "artist" -> List.of("", "&artist=" + URLEncoder.encode(artist, UTF_8));
                        case "search" -> List.of("", "&search=title", "&search=12");
                        case "by", "step" ->
                            StreamSupport.stream(
                                            parameter.getValue().path("enum").spliterator(), false)
                                    .map(choice -> "&" + parameter.getKey() + "=" + choice.asText())
                                    .toList();
                        default -> List.of("");
                    };
            queries = queries.stream()
                    .flatMap(query -> choices.stream().map(query::concat))
                    .toList();
        }
        return queries;
    }

    private static Row row(TestProgram program, String path, List<String> queries, int plays, int rounds)
            throws Exception {
        double[] p50 = new double[queries.size()];
        double[] p95 = new double[queries.size()];
        int slowest = 0;
        for (int i = 0; i < queries.size(); i++) {
            String query = path + "?" + queries.get(i);
            double[] times = new double[rounds];
            ask(program, query);
            for (int round = 0; round < rounds; round++) {
                times[round] = 1_000 * Bench.seconds(() -> ask(program, query));
            }
            Arrays.sort(times);
            p50[i] = times[rounds / 2];
            p95[i] = times[(int) Math.ceil(0.95 * rounds) - 1];
            slowest = p95[i] > p95[slowest] ? i : slowest;
        }
        String asked = Stream.of(queries.get(slowest).split("&")).skip(1).reduce("", (all, one) -> all + " " + one);
        return new Row(
                "panel " + path.substring("/panels/".length()) + ", p95, " + String.format("%,d", plays) + " plays",
                p95[slowest],
                MILLISECONDS,
                atMost(limit(path, plays)),
                queries.size() + " queries, median of their medians " + Row.number(Bench.median(p50))
                        + " ms; the slowest, of median " + Row.number(p50[slowest]) + " ms, is"
                        + (asked.isEmpty() ? " the plain one" : asked));
    }

    static JsonNode get(TestProgram program, String path) throws Exception {
        return JSON.readTree(ask(program, path));
    }

    private static byte[] ask(TestProgram program, String path) throws Exception {
        HttpResponse<byte[]> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(program.http("/api/v1" + path)))
                        .build(),
                BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + new String(answer.body(), UTF_8));
        }
        return answer.body();
    }
}
