package tracklog.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.client.WireMock;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import tracklog.backup.Audit;
import tracklog.document.Lines;
import tracklog.spotify.Collector;
import tracklog.spotify.Spotify;

/**
 * Simulates what one listener plays, in the API and in exports, and checks that every reported play is stored and
 * served once.
 */
final class Music implements AutoCloseable {

    /** The first play that the API reports. The export also contains older plays. All last longer than 30 s. */
    static final int NOW = 100_000;

    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Spotify spotify = new Spotify();
    private final BitSet exported = new BitSet();
    private int next = NOW;

    Music() {
        spotify.reset();
    }

    /** Returns the settings of a program that polls every second. */
    Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SPOTIFY_REFRESH_TOKEN", "refresh-1",
                "SPOTIFY_DAILY_CALLS", "1000000",
                "COLLECT_CRON", "* * * * * ?",
                "COLLECT_AT_START", "0",
                "INBOX_PATIENCE", "1000"));
        settings.putAll(more);
        return Collector.settings(spotify, settings);
    }

    /** Adds plays. The API returns the last 50 plays, after a short delay. */
    void goOn(int plays) {
        next += plays;
        spotify.answers(
                Spotify.PLAYED,
                WireMock.okJson(Spotify.page(IntStream.iterate(next - 1, n -> n - 1)
                                .limit(Math.min(50, next - NOW))
                                .mapToObj(Lines::item)
                                .toArray(String[]::new)))
                        .withFixedDelay(300));
    }

    /** Returns the number of requests for recently played tracks. */
    int polls() {
        return spotify.calls(Spotify.PLAYED);
    }

    /** Drops an export with a range of plays (the end is exclusive) and all plays that the API has reported. */
    Path drop(Path inbox, String name, int from, int to) throws IOException {
        Path made = Files.createTempFile(inbox.toAbsolutePath().getParent(), "made", ".json");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(made), 1 << 16)) {
            Lines.write(IntStream.concat(IntStream.range(from, to), IntStream.range(NOW, next)), out);
        }
        exported.set(from, to);
        exported.set(NOW, next);
        return Files.move(made, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits until every dropped document is imported and every reported play is polled, without any intervention. */
    void awaitIn(DataSource database, Path... inboxes) {
        await().atMost(PATIENCE).until(() -> {
            for (Path inbox : inboxes) {
                try (Stream<Path> left = Files.list(inbox)) {
                    if (left.anyMatch(file -> file.toString().endsWith(".json"))) {
                        return false;
                    }
                }
                assertThat(inbox.resolve(".failed")).doesNotExist();
            }
            return true;
        });
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> rows(database, "select max(newest_played_at) from poll where outcome = 'done'")
                        .equals(List.of(Lines.polledAt(next - 1).toString())));
    }

    /** Checks that the database contains, and the dashboard's API serves, every reported play exactly once. */
    void assertStoredAndServedOnce(DataSource database, String http) throws Exception {
        List<String> told = new ArrayList<>();
        for (int number = exported.nextSetBit(0); number >= 0; number = exported.nextSetBit(number + 1)) {
            told.add(Lines.endedAt(number) + " " + Lines.uri(Lines.track(number)));
        }
        for (int number = NOW; number < next; number++) {
            if (!exported.get(number)) {
                told.add(Lines.polledAt(number) + " " + Lines.uri(Lines.track(number)));
            }
        }
        List<String> stored = rows(
                database,
                "select played_at, uri from listening join track using (track_id) order by played_at, play_id");
        List<String> served = served(http);
        assertSame(told, stored, "stored");
        assertSame(told, served, "served");
        assertThat(figure(http, "")).as("plays, as the first panel counts them").isEqualTo(told.size());
        assertThat(rows(database, "select count(*) from play"))
                .as("what each source told, once")
                .containsExactly(Integer.toString(exported.cardinality() + next - NOW));
        ByteArrayOutputStream books = new ByteArrayOutputStream();
        assertThat(new Audit(database).print(new PrintStream(books, true, UTF_8)))
                .as(() -> books.toString(UTF_8))
                .isTrue();
        System.out.printf(
                "%,d plays told (%,d exported, %,d polled), %,d stored, %,d served: 0 lost, 0 doubled%n",
                told.size(), exported.cardinality(), next - NOW, stored.size(), served.size());
    }

    /** Checks the same for a history that is too long to compare play by play. */
    void assertSumsAreStoredAndServed(DataSource database, String http) throws Exception {
        int told = told();
        assertThat(rows(database, "select count(*), count(distinct (played_at, track_id)) from listening"))
                .containsExactly(told + " " + told);
        assertThat(rows(database, "select sum(ms_played) from play where source = 'export'"))
                .containsExactly(Long.toString(
                        exported.stream().mapToLong(Lines::milliseconds).sum()));
        assertThat(figure(http, "?from=2006-01-01&to=2099-12-31")).isEqualTo(told);
    }

    /** Returns the number of plays that the API or an export has reported. */
    int told() {
        BitSet told = (BitSet) exported.clone();
        told.set(NOW, next);
        return told.cardinality();
    }

    private static void assertSame(List<String> told, List<String> found, String how) {
        List<String> lost = minus(told, found);
        List<String> doubled = minus(found, told);
        assertThat(lost.size() + doubled.size())
                .as(() -> how + ": lost " + lost.stream().limit(5).toList() + ", doubled or never told "
                        + doubled.stream().limit(5).toList())
                .isZero();
    }

    private static List<String> minus(List<String> all, List<String> without) {
        Map<String, Integer> counts = new HashMap<>();
        without.forEach(one -> counts.merge(one, 1, Integer::sum));
        return all.stream()
                .filter(one -> counts.merge(one, -1, Integer::sum) < 0)
                .toList();
    }

    /** Returns every row of the log of plays, read page by page. */
    private static List<String> served(String http) throws Exception {
        List<String> served = new ArrayList<>();
        for (String next = ""; next != null; ) {
            JsonNode page = get(http + "/api/v1/panels/plays?limit=1000" + next);
            page.get("rows")
                    .forEach(
                            row -> served.add(Instant.parse(row.get("played_at").textValue()) + " "
                                    + row.get("track_uri").textValue()));
            next = page.get("next").isNull()
                    ? null
                    : "&before=" + page.get("next").textValue();
        }
        return served;
    }

    private static int figure(String http, String range) throws Exception {
        JsonNode plays =
                get(http + "/api/v1/panels/figures" + range).get("rows").get(0);
        assertThat(plays.get("figure").textValue()).isEqualTo("plays");
        return plays.get("value").intValue();
    }

    private static JsonNode get(String uri) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** Returns the rows of a query, each as text with spaces between the columns and times in Java's notation. */
    static List<String> rows(DataSource database, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= width; i++) {
                    Object value = result.getObject(i);
                    row.add(
                            value instanceof java.sql.Timestamp moment
                                    ? moment.toInstant().toString()
                                    : String.valueOf(value));
                }
                rows.add(String.join(" ", row));
            }
        }
        return rows;
    }

    @Override
    public void close() {
        spotify.close();
    }
}
