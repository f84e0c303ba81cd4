package tracklog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;

/** The queries of {@code grafana/} and of docs/dashboards.md, asked as whoever only reads, on a known history. */
class GrafanaIT {

    private static final KnownHistory HISTORY = new KnownHistory();

    /** These have no rows while all is well, or nobody is connected. */
    private static final Set<String> EMPTY_WHILE_ALL_IS_WELL = Set.of("Gaps", "Connections", "Polls");

    private static TestProgram program;
    private static Connection reader;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of("TIME_ZONE", KnownHistory.AUCKLAND.getId()));
        Files.move(
                Files.writeString(program.dataDir().resolve("history.json"), HISTORY.export()),
                program.inbox().resolve("history.json"));
        await().atMost(Duration.ofSeconds(90))
                .until(() -> program.number("select count(*) from import where state = 'done'") == 1);
        String url;
        try (Connection own = program.store().dataSource().getConnection()) {
            url = own.getMetaData().getURL().replaceFirst("\\?.*", "");
        }
        reader = DriverManager.getConnection(
                url,
                "tracklog_reader",
                Files.readString(program.dataDir().resolve("reader.password")).strip());
    }

    @AfterAll
    static void stop() throws SQLException {
        reader.close();
        program.close();
    }

    /** Grafana draws a time series only from ordered rows with a column time, numbers and the name of a line. */
    private static void expectTimeSeries(String title, String sql) throws SQLException {
        try (Statement statement = reader.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData columns = result.getMetaData();
            assertThat(columns.getColumnName(1)).as(title).isEqualTo("time");
            assertThat(columns.getColumnTypeName(1)).as(title).startsWith("timestamp");
            for (int i = 2; i <= columns.getColumnCount(); i++) {
                assertThat(columns.getColumnTypeName(i))
                        .as(title)
                        .matches(columns.getColumnName(i).equals("metric") ? "text" : "numeric|int8");
            }
            List<Timestamp> times = new ArrayList<>();
            while (result.next()) {
                times.add(result.getTimestamp(1));
            }
            assertThat(times).as(title).isSorted();
        }
    }

    private static List<List<String>> ask(String sql) throws SQLException {
        try (Statement statement = reader.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            ResultSetMetaData columns = result.getMetaData();
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** Expands a query as Grafana does, for all time and all listeners. Values of a multi-value variable are quoted. */
    private static String filledIn(String sql) {
        String filled = sql.replaceAll(
                        "\\$__timeFilter\\((\\w+)\\)", "$1 BETWEEN '2020-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z'")
                .replace("$listener", "'1','2'");
        assertThat(filled).doesNotContain("$");
        return filled;
    }

    @Test
    void everyQueryOfTheDashboardAnswers() throws Exception {
        JsonNode dashboard = new ObjectMapper()
                .readTree(Path.of("grafana/dashboards/tracklog.json").toFile());
        JsonNode listener = dashboard.at("/templating/list/0");
        assertThat(ask(listener.get("query").asText())).containsExactly(List.of("me", "1"));
        Map<String, List<List<String>>> answers = new TreeMap<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("tracklog");
            String sql = filledIn(panel.at("/targets/0/rawSql").asText());
            String title = panel.get("title").asText();
            List<List<String>> rows = ask(sql);
            assertThat(rows.isEmpty()).as(title).isEqualTo(EMPTY_WHILE_ALL_IS_WELL.contains(title));
            answers.put(title, rows);
            if (panel.at("/targets/0/format").asText().equals("time_series")) {
                expectTimeSeries(title, sql);
            }
        }
        List<KnownHistory.Play> plays =
                HISTORY.heard().stream().filter(play -> !play.polled()).toList();
        assertThat(answers.get("Plays")).containsExactly(List.of("" + plays.size()));
        assertThat(answers.get("Tracks"))
                .containsExactly(List.of(""
                        + plays.stream()
                                .map(KnownHistory.Play::track)
                                .distinct()
                                .count()));
        assertThat(answers.get("Top artists").stream().map(row -> row.get(0) + " " + row.get(1)))
                .containsExactlyElementsOf(KnownHistory.top(plays, KnownHistory.Play::artist).stream()
                        .map(group -> group.getKey() + " " + group.getValue().size())
                        .toList());
        assertThat(answers.get("Hours each day"))
                .hasSize(KnownHistory.by(plays, KnownHistory.Play::day).size());
    }

    @Test
    void theDocumentedQueriesAnswerAndTheViewHasTheColumnsOfTheOriginal() throws Exception {
        String page = Files.readString(Path.of("docs/dashboards.md"));
        List<String> queries = Pattern.compile("(?s)```sql\\n(.*?)```")
                .matcher(page)
                .results()
                .map(query -> query.group(1))
                .toList();
        assertThat(queries).isNotEmpty();
        for (String query : queries) {
            assertThat(ask(query)).isNotEmpty();
        }
        try (Statement statement = reader.createStatement();
                ResultSet result = statement.executeQuery("select * from tracklog.listening_history limit 1")) {
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                columns.add(result.getMetaData().getColumnName(i));
            }
            assertThat(columns)
                    .containsExactly(
                            "id",
                            "track_uri",
                            "track_name",
                            "artist_name",
                            "album_name",
                            "played_at",
                            "ms_played",
                            "popularity");
            assertThat(page).contains(columns);
        }
    }

    @Test
    void theDataSourceIsTheOneThatTheDashboardAsksFor() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("grafana/provisioning"))) {
            List<String> provisioned = new ArrayList<>();
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                provisioned.add(Files.readString(file));
            }
            assertThat(String.join("\n", provisioned))
                    .contains("uid: tracklog", "user: tracklog_reader", "type: grafana-postgresql-datasource");
        }
    }
}
