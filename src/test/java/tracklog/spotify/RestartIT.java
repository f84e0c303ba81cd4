package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;

/** What outlives the program, what its start does, and what two programs on one database do. */
class RestartIT {

    private static final String FIRST = "2026-11-22T10:15:00Z";
    private static final String SECOND = "2026-11-22T10:30:00Z";

    @Test
    void aTokenGivenAsASettingIsTakenOnceAndAPauseSurvivesARestart() throws Exception {
        try (Spotify spotify = new Spotify()) {
            spotify.reset();
            spotify.plays(Spotify.items(2, "2026-11-22T10:00:00Z"));
            spotify.answers(Spotify.TOKEN, okJson(Spotify.token("access-1", "rotated")));
            Map<String, String> settings =
                    Collector.settings(spotify, Map.of("SPOTIFY_REFRESH_TOKEN", "given", "COLLECT_AT_START", "0"));
            Path dataDir;
            try (TestProgram program = TestProgram.start(settings)) {
                dataDir = program.dataDir();
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(Collector.ledger(program)).containsExactly("done 3 2 2 0 0"));
                assertThat(Collector.storedToken(program, 1)).isEqualTo("rotated");
                assertThat(program.rows("select upper_bound, state from connection"))
                        .containsExactly(Map.of("upper_bound", true, "state", "connected"));
                // The next firing, at the next start, is due and meets a rate limit.
                program.execute("update poll set fire_time = fire_time - interval '1 hour'");
                spotify.answers(
                        Spotify.PLAYED,
                        Spotify.error(429, "API rate limit exceeded").withHeader("Retry-After", "600"));
            }
            try (TestProgram program = TestProgram.start(dataDir, settings)) {
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(Collector.ledger(program))
                                .containsExactly("done 3 2 2 0 0", "rate_limited 2 0 0 0 0"));
                assertThat(Collector.storedToken(program, 1)).isEqualTo("rotated");
                program.execute("update poll set fire_time = fire_time - interval '1 hour'");
            }
            int calls = spotify.calls(Spotify.PLAYED);
            try (TestProgram program = TestProgram.start(
                    dataDir, Collector.settings(spotify, Map.of("SPOTIFY_REFRESH_TOKEN", "of another account")))) {
                Collector.poll(program, FIRST);
                assertThat(Collector.ledger(program)).hasSize(2);
                assertThat(spotify.calls(Spotify.PLAYED)).isEqualTo(calls);

                program.execute("update poll set paused_until = now()");
                spotify.plays(Spotify.items(1, "2026-11-22T11:00:00Z"));
                spotify.answers(Spotify.TOKEN, okJson(Spotify.token("access-2", null)));
                spotify.answers(Spotify.ME, okJson("{\"id\": \"bo-id\", \"display_name\": null}"));
                Collector.poll(program, "2026-11-23T10:30:00Z");
                assertThat(program.rows("select name, spotify_user_id from connection join listener using"
                                + " (listener_id, name) order by listener_id"))
                        .containsExactly(
                                Map.of("name", "me", "spotify_user_id", "anna-id"),
                                Map.of("name", "bo-id", "spotify_user_id", "bo-id"));
                assertThat(Collector.storedToken(program, 1)).isEqualTo("rotated");
                assertThat(program.number("select count(distinct listener_id) from play"))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void twoProgramsPollOneFiringOnce() throws Exception {
        String key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        try (Spotify spotify = new Spotify()) {
            spotify.reset();
            spotify.answers(
                    Spotify.PLAYED,
                    okJson(Spotify.page(Spotify.items(2, "2026-11-22T10:00:00Z")))
                            .withFixedDelay(500));
            try (TestProgram one = TestProgram.start(Collector.settings(spotify, Map.of("TOKEN_KEY", key)));
                    TestProgram other = TestProgram.start(Collector.settings(
                            spotify,
                            Map.of(
                                    "TOKEN_KEY", key,
                                    "DATABASE_URL", one.store().dataSource().getJdbcUrl(),
                                    "DATABASE_USER", one.store().dataSource().getUsername(),
                                    "DATABASE_PASSWORD",
                                            one.store().dataSource().getPassword())))) {
                Collector.connect(one, 1, "refresh-1");
                CountDownLatch firing = new CountDownLatch(1);
                Thread[] programs = new Thread[2];
                for (int i = 0; i < 2; i++) {
                    TestProgram program = i == 0 ? one : other;
                    programs[i] = new Thread(() -> {
                        try {
                            firing.await();
                            Collector.poll(program, FIRST);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    programs[i].start();
                }
                firing.countDown();
                for (Thread program : programs) {
                    program.join();
                }
                Collector.poll(other, SECOND);
                // Whichever polled first has an access token for the second.
                assertThat(Collector.ledger(one)).hasSize(2).first().isEqualTo("done 2 2 2 0 0");
                assertThat(Collector.ledger(one)).last().asString().matches("done [12] 2 0 2 0");
                assertThat(spotify.calls(Spotify.PLAYED)).isEqualTo(2);
            }
        }
    }

    @Test
    void aDeadTokenInTheSettingIsSaidAndNotTriedAgain() throws Exception {
        try (Spotify spotify = new Spotify()) {
            spotify.reset();
            spotify.answers(Spotify.TOKEN, Spotify.invalid("invalid_grant", "Refresh token expired"));
            try (TestProgram program =
                    TestProgram.start(Collector.settings(spotify, Map.of("SPOTIFY_REFRESH_TOKEN", "dead")))) {
                Collector.poll(program, FIRST);
                Collector.poll(program, SECOND);
                assertThat(Collector.ledger(program)).containsExactly("needs_reconnect 1 0 0 0 0");
                assertThat(program.rows("select state from connection"))
                        .containsExactly(Map.of("state", "needs_reconnect"));
            }
        }
    }

    @Test
    void withoutCredentialsItRunsOnAndSaysHowToGetThem() throws Exception {
        try (TestProgram program = TestProgram.start(Map.of())) {
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(program.http("/connect")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.body()).contains("developer.spotify.com/dashboard", program.http("/callback"));
            Collector.poll(program, FIRST);
            assertThat(Collector.ledger(program)).isEmpty();
        }
    }
}
