package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.aws.S3Server;
import tracklog.document.Lines;
import tracklog.store.ExternalServer;

/**
 * Three programs on one database, one inbox and one bucket, of which one is killed every few seconds: each firing is
 * polled once, and each document imported once.
 */
class MachinesIT {

    private static final int FIRINGS = Math.max(5, 40 * Integer.getInteger("campaign", 10) / 100);
    private static final long SEED = Long.getLong("seed", 20261125);
    private static final int MACHINES = 3;
    private static final int SECONDS_BETWEEN_FIRINGS = 5;
    private static final int ITEMS = 30;
    private static final int AT_ONCE = 40;
    private static final int LINES = 20;

    private String url;

    @Test
    void nothingIsPolledOrImportedTwiceOrMissed() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path inbox = Files.createDirectories(ChildProgram.newDataDir().resolve("inbox"));
        ChildProgram[] machines = new ChildProgram[MACHINES];
        try (ExternalServer server = new ExternalServer();
                S3Server s3 = new S3Server();
                Spotify spotify = new Spotify()) {
            server.start();
            url = server.url("postgres") + "?currentSchema=tracklog";
            spotify.reset();
            spotify.answers(
                    Spotify.PLAYED,
                    okJson(Spotify.page(Spotify.items(ITEMS, "2026-11-22T10:00:00Z")))
                            .withFixedDelay(500));
            Map<String, String> settings = settings(server, s3, spotify, inbox);
            try {
                for (int i = 0; i < MACHINES; i++) {
                    machines[i] = ChildProgram.start(ChildProgram.newDataDir(), settings);
                    // The first connects the account; who comes later finds it connected.
                    await().atMost(Duration.ofMinutes(1))
                            .until(() -> number("select count(*) from poll where outcome = 'done'") > 0);
                }
                int documents = 0;
                while (documents < AT_ONCE) {
                    drop(documents++, s3, inbox);
                }
                awaitImported(s3, inbox);
                assertThat(number("select count(*) from import"))
                        .as("without a kill, each document is read by one program")
                        .isEqualTo(documents);

                long first = number("select max(poll_id) from poll");
                int kills = 0;
                while (number("select count(*) from poll where poll_id > " + first) < FIRINGS) {
                    int victim = random.nextInt(MACHINES);
                    for (int i = 0; i < 2; i++) {
                        drop(documents++, s3, inbox);
                    }
                    Thread.sleep(random.nextLong(4_000));
                    machines[victim].killJvm();
                    kills++;
                    // Two of three live on, whatever happens.
                    machines[victim] = ChildProgram.start(Path.of(machines[victim].setting("DATA_DIR")), settings);
                }
                awaitImported(s3, inbox);

                long polls = number("select count(*) from poll");
                assertThat((long) spotify.calls(Spotify.PLAYED))
                        .as("no firing was polled twice")
                        .isLessThanOrEqualTo(polls);
                assertThat(number("select count(*) from generate_series("
                                + "(select min(fire_time) from poll where poll_id > "
                                + first + "), (select max(fire_time) from poll), interval '"
                                + SECONDS_BETWEEN_FIRINGS
                                + " s') as due(at)"
                                + " where not exists (select from poll where fire_time = due.at)"))
                        .as("firings that were missed")
                        .isZero();
                assertThat(number("select count(*) from play where source = 'recently_played'"))
                        .isEqualTo(ITEMS);
                assertThat(number("select sum(inserted) from poll")).isEqualTo(ITEMS);
                assertThat(number("select count(*) from play where source = 'export'"))
                        .isEqualTo((long) documents * LINES);
                assertThat(number("select count(*) from (select document from import where state = 'done'"
                                + " group by document having sum(inserted) = " + LINES + ") as imported"))
                        .as("documents that were imported once")
                        .isEqualTo(documents);
                long again = number("select count(*) from import where state = 'done' and inserted = 0");
                assertThat(again)
                        .as("documents that were read again, which a kill between commit and move allows")
                        .isLessThanOrEqualTo(kills);
                System.out.printf(
                        "%d machines, %d kills, %d firings and %d documents: none lost, none twice; %d were read again"
                                + " after a kill and added nothing; seed %d%n",
                        MACHINES, kills, polls, documents, again, SEED);
            } finally {
                for (ChildProgram machine : machines) {
                    if (machine != null) {
                        machine.close();
                    }
                }
            }
        }
    }

    private static Map<String, String> settings(ExternalServer server, S3Server s3, Spotify spotify, Path inbox) {
        Map<String, String> settings = new HashMap<>(Collector.settings(spotify, s3.settings(Map.of())));
        settings.putAll(server.settings());
        settings.putAll(Map.of(
                "HISTORY_INBOX",
                inbox.toString(),
                "SPOTIFY_REFRESH_TOKEN",
                "refresh-1",
                "SPOTIFY_DAILY_CALLS",
                "1000000",
                "COLLECT_CRON",
                "0/" + SECONDS_BETWEEN_FIRINGS + " * * * * ?"));
        return settings;
    }

    /** By turns into the inbox, whole at once, and into the bucket. */
    private static void drop(int document, S3Server s3, Path inbox) throws IOException {
        String lines = Lines.array(document * LINES, (document + 1) * LINES);
        if (document % 2 == 0) {
            Path part = inbox.resolve(document + ".part");
            Files.writeString(part, lines);
            Files.move(part, inbox.resolve(document + ".json"));
        } else {
            s3.put("history/" + document + ".json", lines.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void awaitImported(S3Server s3, Path inbox) {
        await().atMost(Duration.ofMinutes(3))
                .until(() -> s3.keys("history/").isEmpty()
                        && waiting(inbox) == 0
                        && number("select count(*) from import where state = 'running'") == 0);
    }

    private static long waiting(Path inbox) throws IOException {
        try (Stream<Path> files = Files.list(inbox)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "tracklog", ExternalServer.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
