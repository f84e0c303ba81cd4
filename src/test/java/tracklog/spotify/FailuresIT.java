package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Polls that fail: what the ledger says, and that the next one stores everything. */
class FailuresIT {

    @RegisterExtension
    static final Collector COLLECTOR = new Collector();

    private final Spotify spotify = COLLECTOR.spotify();

    @BeforeEach
    void connected() throws Exception {
        Collector.connect(COLLECTOR.program(), 1, "refresh-1");
        spotify.plays(Spotify.items(2, "2026-11-22T10:00:00Z"));
    }

    @AfterEach
    void noSecretIsShown() throws Exception {
        assertThat(String.join("\n", COLLECTOR.log()))
                .doesNotContain("refresh-1", "refresh-2", "access-1", "access-2", Collector.CLIENT_SECRET);
        assertThat(COLLECTOR.program().rows("select error from poll").toString())
                .doesNotContain("refresh-1", "refresh-2", "access-1", "access-2", Collector.CLIENT_SECRET);
    }

    /** The fault is over; what was missed comes with the next firing. */
    private void theNextFiringStoresAll() throws Exception {
        COLLECTOR.wire().mode(Wire.Mode.PASS);
        spotify.reset();
        spotify.plays(Spotify.items(2, "2026-11-22T10:00:00Z"));
        COLLECTOR.poll("2026-11-22T11:00:00Z");
        assertThat(COLLECTOR.program().number("select count(*) from play where listener_id = 1"))
                .isEqualTo(2);
        assertThat(COLLECTOR.program().rows("select outcome from poll order by poll_id desc limit 1"))
                .extracting(row -> row.get("outcome"))
                .containsExactly("done");
    }

    @Test
    void anExpiredAccessTokenIsReplacedOnce() throws Exception {
        spotify.answers(
                Spotify.TOKEN, okJson(Spotify.token("access-1", null)), okJson(Spotify.token("access-2", null)));
        spotify.answers(
                Spotify.PLAYED,
                Spotify.error(401, "The access token expired"),
                okJson(Spotify.page(Spotify.items(2, "2026-11-22T10:00:00Z"))));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 4 2 2 0 0");
    }

    @Test
    void aFreshAccessTokenThatIsRefusedEndsThePoll() throws Exception {
        spotify.answers(Spotify.PLAYED, Spotify.error(401, "Bad token"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("unauthorized 4 0 0 0 0");
        assertThat(COLLECTOR.error()).isEqualTo("Spotify says 401: Bad token");
        theNextFiringStoresAll();
    }

    @Test
    void spotifysOwnWordsSayWhyItForbids() throws Exception {
        String words = "Active premium subscription required for the owner of the app";
        spotify.answers(Spotify.PLAYED, Spotify.error(403, words));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("forbidden 2 0 0 0 0", "forbidden 1 0 0 0 0");
        assertThat(COLLECTOR.error()).isEqualTo("Spotify says 403: " + words);
        assertThat(COLLECTOR.log()).filteredOn(line -> line.contains(words)).hasSize(1);
        theNextFiringStoresAll();
    }

    @ParameterizedTest
    @CsvSource({
        "none, Nothing collected for me (failed), failed 2 0 0 0 0",
        "failed, Nor could that be noted, running 2 0 0 0 0"
    })
    void aDatabaseThatFailsIsSaidInOneLineAlsoWhereTheLedgerFailsWithIt(String upTo, String said, String ledger)
            throws Exception {
        pollWhile("""
                create constraint trigger gone_at_commit after update of outcome on poll deferrable initially deferred
                    for each row when (new.outcome = 'done') execute function gone();
                create trigger gone before update of outcome on poll
                    for each row when (new.outcome = '%s') execute function gone()""".formatted(upTo));
        assertThat(COLLECTOR.log()).filteredOn(line -> line.contains(said)).hasSize(1);
        assertThat(COLLECTOR.log()).noneMatch(line -> line.contains("\tat "));
        assertThat(COLLECTOR.ledger()).containsExactly(ledger);
        theNextFiringStoresAll();
    }

    /** Polls once while the database fails where these triggers call {@code gone()}. */
    private static void pollWhile(String triggers) throws Exception {
        COLLECTOR
                .program()
                .execute("create function gone() returns trigger language plpgsql as"
                        + " $$ begin raise 'it is gone'; end $$;"
                        + triggers);
        try {
            COLLECTOR.poll("2026-11-22T10:15:00Z");
        } finally {
            COLLECTOR.program().execute("drop function gone cascade");
        }
    }

    @Test
    void aPageThatCannotBeStoredIsSaidAndNoted() throws Exception {
        pollWhile("create trigger gone before insert on play for each row execute function gone()");
        assertThat(COLLECTOR.log())
                .filteredOn(line -> line.contains("it is gone"))
                .hasSize(1);
        assertThat(COLLECTOR.ledger()).containsExactly("failed 2 0 0 0 0");
        theNextFiringStoresAll();
    }

    @Test
    void aServerErrorIsTriedAgainWithinThePoll() throws Exception {
        spotify.answers(
                Spotify.PLAYED,
                Spotify.error(503, "Service unavailable"),
                aResponse().withStatus(502).withBody("<html>Bad gateway</html>"),
                okJson(Spotify.page(Spotify.items(2, "2026-11-22T10:00:00Z"))));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 4 2 2 0 0");
    }

    @Test
    void afterAllAttemptsAServerErrorEndsThePoll() throws Exception {
        spotify.answers(Spotify.PLAYED, Spotify.error(500, "Oops"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("server_error 4 0 0 0 0");
        assertThat(spotify.calls(Spotify.PLAYED)).isEqualTo(3);
        theNextFiringStoresAll();
    }

    @ParameterizedTest
    @CsvSource({"RESET, SocketException", "TRUNCATE, ConnectionClosedException", "DRIP, within 4 s"})
    void aBrokenAnswerIsTriedAgainAndEndsThePoll(Wire.Mode mode, String reason) throws Exception {
        COLLECTOR.wire().mode(mode);
        Instant start = Instant.now();
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("unreachable 4 0 0 0 0");
        assertThat(COLLECTOR.error()).contains(reason);
        assertThat(COLLECTOR.wire().connections()).isEqualTo(3);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
        theNextFiringStoresAll();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"items\": [{\"played_at\": | no valid JSON",
                "<html>Maintenance</html> | no valid JSON",
                "{\"items\": null} | no list of items",
                "{} | no list of items",
                "[] | no list of items",
            })
    void anAnswerThatIsNoPageIsTriedAgainAndEndsThePoll(String body, String reason) throws Exception {
        spotify.answers(Spotify.PLAYED, okJson(body));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("malformed 4 0 0 0 0");
        assertThat(COLLECTOR.error()).contains(reason);
        theNextFiringStoresAll();
    }

    @Test
    void aMalformedTokenAnswerShowsNothingOfIt() throws Exception {
        spotify.answers(Spotify.TOKEN, okJson("{\"access_token\": access-1"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("malformed 3 0 0 0 0");
        theNextFiringStoresAll();
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        spotify.answers(Spotify.PLAYED, aResponse().withStatus(302).withHeader("Location", spotify.url() + Spotify.ME));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("refused 2 0 0 0 0");
        assertThat(spotify.calls(Spotify.ME)).isZero();
    }

    @Test
    void aRateLimitPausesAllListenersAsLongAsItSays() throws Exception {
        Collector.connect(COLLECTOR.program(), Collector.newListener(COLLECTOR.program(), "b"), "refresh-1");
        spotify.answers(
                Spotify.PLAYED, Spotify.error(429, "API rate limit exceeded").withHeader("Retry-After", "3000"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("rate_limited 2 0 0 0 0");
        assertThat(COLLECTOR.program().number("select extract(epoch from paused_until - now()) from poll"))
                .isBetween(2900L, 3000L);
        assertThat(COLLECTOR.program().number("select count(*) from connection where paused_until > now()"))
                .isEqualTo(2);

        COLLECTOR.program().execute("update poll set paused_until = now()");
        theNextFiringStoresAll();
    }

    @Test
    void noCallIsMadeBeyondTheDailyBudget() throws Exception {
        COLLECTOR
                .program()
                .execute("insert into poll (listener_id, fire_time, outcome, calls) values"
                        + " (1, '2026-11-22T09:00Z', 'done', 449)");
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 449 0 0 0 0", "budget 1 0 0 0 0", "budget 0 0 0 0 0");
        assertThat(COLLECTOR.error()).contains("SPOTIFY_DAILY_CALLS");

        COLLECTOR.program().execute("update poll set started_at = now() - interval '25 hours'");
        theNextFiringStoresAll();
    }

    @Test
    void aDeadRefreshTokenStopsThatListenerUntilItIsConnectedAgain() throws Exception {
        spotify.answers(Spotify.TOKEN, Spotify.invalid("invalid_grant", "Refresh token revoked"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("needs_reconnect 2 0 0 0 0");
        assertThat(COLLECTOR.program().rows("select state, error from connection"))
                .extracting(row -> row.get("state") + ": " + row.get("error"))
                .first()
                .asString()
                .startsWith("needs_reconnect: Spotify says 400: Refresh token revoked.")
                .contains(COLLECTOR.program().http("/connect"));

        COLLECTOR.program().execute("update spotify_connection set state = 'connected'");
        theNextFiringStoresAll();
    }

    @Test
    void aTokenThatAnotherContainerRotatedIsReadAgain() throws Exception {
        spotify.answers(
                Spotify.TOKEN,
                Spotify.invalid("invalid_grant", "Refresh token revoked").withFixedDelay(1000),
                okJson(Spotify.token("access-1", null)));
        Thread other = new Thread(() -> {
            try {
                while (spotify.calls(Spotify.TOKEN) == 0) {
                    Thread.sleep(20);
                }
                Collector.connect(COLLECTOR.program(), 1, "refresh-2");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        other.join();

        assertThat(COLLECTOR.ledger()).containsExactly("done 3 2 2 0 0");
        assertThat(spotify.server().getAllServeEvents())
                .anyMatch(event -> event.getRequest().getBodyAsString().contains("refresh_token=refresh-2"));
    }

    @Test
    void aWrongClientIsNoListenersFault() throws Exception {
        spotify.answers(Spotify.TOKEN, Spotify.invalid("invalid_client", "Invalid client secret"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("invalid_client 1 0 0 0 0");
        assertThat(COLLECTOR.error()).contains("Invalid client secret", "SPOTIFY_CLIENT_SECRET must be");
        assertThat(COLLECTOR.program().number("select count(*) from connection where state = 'connected'"))
                .isEqualTo(1);
        theNextFiringStoresAll();
    }

    @Test
    void aTokenOfAnotherKeyIsSaidInPlainWords() throws Exception {
        COLLECTOR
                .program()
                .execute("update spotify_connection set refresh_token = 'not encrypted with this key at all'");
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("failed 0 0 0 0 0");
        assertThat(COLLECTOR.error()).contains("TOKEN_KEY is not the one");
    }

    @Test
    void aPollOfADeadProgramIsInterruptedAndOneOfALivingOnlyAfterAnHour() throws Exception {
        COLLECTOR
                .program()
                .execute("insert into poll (listener_id, fire_time, program)"
                        + " values (1, '2026-11-22T09:00Z', 'tracklog gone')");
        COLLECTOR.program().execute("insert into poll (listener_id, fire_time) values (1, '2026-11-22T09:15Z')");
        COLLECTOR
                .program()
                .execute("insert into poll (listener_id, fire_time, started_at)"
                        + " values (1, '2026-11-22T08:00Z', now() - interval '61 minutes')");
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger())
                .containsExactly(
                        "interrupted 0 0 0 0 0", "running 0 0 0 0 0", "interrupted 0 0 0 0 0", "done 2 2 2 0 0");
    }
}
