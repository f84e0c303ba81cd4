package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Polls that succeed, through the real routes: what is in the database at the end. */
class CollectIT {

    @RegisterExtension
    static final Collector COLLECTOR = new Collector();

    private final Spotify spotify = COLLECTOR.spotify();

    @BeforeEach
    void connected() throws Exception {
        Collector.connect(COLLECTOR.program(), 1, "refresh-1");
    }

    @Test
    void storesWhatWasPlayedOnceAndUsesOneAccessToken() throws Exception {
        spotify.plays(Spotify.items(3, "2026-11-22T10:02:00Z"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        spotify.plays(
                Spotify.item("2026-11-22T10:20:00Z", 9),
                Spotify.item("2026-11-22T10:02:00Z", 0),
                Spotify.item("2026-11-22T10:01:00Z", 1));
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 2 3 3 0 0", "done 1 3 1 2 0");
        assertThat(COLLECTOR
                        .program()
                        .rows("select track_name, artist_name, ms_played from listening_history where"
                                + " played_at = timestamp '2026-11-22 10:20:00'"))
                .containsExactly(Map.of("track_name", "Song 9", "artist_name", "Band", "ms_played", 180000));
        assertThat(spotify.calls(Spotify.TOKEN)).isEqualTo(1);
        spotify.server()
                .verify(
                        2,
                        getRequestedFor(urlPathEqualTo(Spotify.PLAYED))
                                .withQueryParam("limit", equalTo("50"))
                                .withQueryParam("after", absent())
                                .withHeader("Authorization", equalTo("Bearer access-1")));
    }

    @Test
    void aFiringIsClaimedOnce() throws Exception {
        spotify.plays(Spotify.items(1, "2026-11-22T10:02:00Z"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        COLLECTOR.program().execute("update spotify_connection set poll_interval = '0'");
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 2 1 1 0 0");
    }

    @Test
    void aFiringWhoseProgramDiedIsMadeUpForWithinAMinute() throws Exception {
        COLLECTOR
                .program()
                .execute("insert into poll (listener_id, fire_time, program) values (1, now(), 'tracklog that died')");
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() ->
                        assertThat(COLLECTOR.ledger()).containsExactly("interrupted 0 0 0 0 0", "done 2 0 0 0 0"));
    }

    @Test
    void aRotatedRefreshTokenReplacesTheStoredOne() throws Exception {
        spotify.answers(
                Spotify.TOKEN, okJson(Spotify.token("access-1", "refresh-2")), okJson(Spotify.token("access-2", null)));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        Collector.forgetAccessTokens(COLLECTOR.program());
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(Collector.storedToken(COLLECTOR.program(), 1)).isEqualTo("refresh-2");
        assertThat(COLLECTOR.ledger()).containsExactly("done 2 0 0 0 0", "done 2 0 0 0 0");
        spotify.server()
                .verify(
                        1,
                        postRequestedFor(urlPathEqualTo(Spotify.TOKEN))
                                .withRequestBody(containing("refresh_token=refresh-2")));
    }

    @Test
    void missingAndNullFieldsNeverStopAPoll() throws Exception {
        spotify.plays(
                "{\"played_at\": \"2026-11-22T10:00:00Z\", \"context\": null,"
                        + " \"track\": {\"uri\": null, \"name\": \"Only a name\","
                        + " \"artists\": [], \"album\": null, \"duration_ms\": null,"
                        + " \"explicit\": \"no\", \"popularity\": -1}}",
                "{\"played_at\": \"2026-11-22T10:01:00.002Z\", \"track\": {\"uri\": \"spotify:track:1\"}}",
                "{\"played_at\": \"2026-11-22T10:02:00Z\", \"track\": null}",
                "{\"track\": {\"uri\": \"spotify:track:1\"}}",
                "{\"played_at\": 5, \"track\": {\"uri\": \"spotify:track:1\"}}",
                "{\"played_at\": \"2026-11-22T10:03:00Z\","
                        + " \"track\": {\"name\": \"nul \\u0000 and half \\ud800 pair\"}}",
                "null",
                "[]");
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 2 8 3 0 5");
        assertThat(COLLECTOR
                        .program()
                        .rows("select position, reason from rejected_line where poll_id is not null"
                                + " order by position"))
                .extracting(row -> row.get("position") + " " + row.get("reason"))
                .containsExactly(
                        "2 it names no track",
                        "3 played_at is missing or no text",
                        "4 played_at is missing or no text",
                        "6 not an object",
                        "7 not an object");
    }

    @Test
    void lateAndOutOfOrderPlaysAreStoredWhereTheyBelong() throws Exception {
        spotify.plays(Spotify.item("2026-11-22T10:10:00Z", 3), Spotify.item("2026-11-22T10:00:00Z", 1));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        spotify.plays(
                Spotify.item("2026-11-22T10:00:00Z", 1),
                Spotify.item("2026-11-22T10:10:00Z", 3),
                Spotify.item("2026-11-22T10:05:00Z", 2),
                Spotify.item("2026-11-22T10:05:00Z", 4));
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        assertThat(COLLECTOR.program().rows("select track_name from listening_history order by played_at, track_name"))
                .extracting(row -> row.get("track_name"))
                .containsExactly("Song 1", "Song 2", "Song 4", "Song 3");
    }

    @Test
    void aFullPageOfNewPlaysOpensAGapAndAnImportThatCoversItClosesIt() throws Exception {
        spotify.plays(Spotify.items(50, "2026-11-22T10:00:00Z"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        assertThat(COLLECTOR.program().rows("select since from gap")).isEmpty();
        spotify.plays(Spotify.items(50, "2026-11-22T10:30:00Z"));
        COLLECTOR.poll("2026-11-22T10:35:00Z");
        assertThat(COLLECTOR.program().rows("select since from gap")).isEmpty();

        spotify.plays(Spotify.items(50, "2026-11-22T14:00:00Z"));
        COLLECTOR.poll("2026-11-22T14:15:00Z");
        assertThat(COLLECTOR
                        .program()
                        .rows("select since at time zone 'UTC' as since, until at time zone 'UTC' as until"
                                + " from gap"))
                .extracting(Map::toString)
                .containsExactly("{since=2026-11-22 10:30:00.0, until=2026-11-22 13:11:00.0}");
        assertThat(COLLECTOR.log())
                .anyMatch(line -> line.startsWith("WARN")
                        && line.contains("missed between 2026-11-22 10:30:00 and 2026-11-22 13:11:00"));

        Files.writeString(
                COLLECTOR.program().inbox().resolve("covers.json"),
                Spotify.page(Spotify.item("2026-11-22T10:29:00Z", 1), Spotify.item("2026-11-22T13:12:00Z", 48)));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(COLLECTOR.program().number("select count(*) from import where state = 'done'"))
                                .isEqualTo(1));
        assertThat(COLLECTOR.program().rows("select since from gap")).isEmpty();
    }

    @Test
    void fewerThanFiftyPlaysOpenNoGap() throws Exception {
        spotify.plays(Spotify.items(5, "2026-11-22T10:00:00Z"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        spotify.plays(Spotify.items(49, "2026-11-22T14:00:00Z"));
        COLLECTOR.poll("2026-11-22T14:15:00Z");

        assertThat(COLLECTOR.program().rows("select since from gap")).isEmpty();
    }

    @Test
    void theDayOfOneListenerNeedsNoMoreThan130Calls() throws Exception {
        // 96 firings and, as a token lasts an hour, 24 token requests.
        spotify.plays(Spotify.items(1, "2026-11-22T10:00:00Z"));
        for (int firing = 0; firing < 8; firing++) {
            if (firing % 4 == 0) {
                Collector.forgetAccessTokens(COLLECTOR.program());
            }
            COLLECTOR.poll("2026-11-22T%02d:%02d:00Z".formatted(12 + firing / 4, firing % 4 * 15));
        }
        long callsOfTwoHours = COLLECTOR.program().number("select sum(calls) from poll");
        assertThat(callsOfTwoHours * 12).isEqualTo(120);
    }

    @Test
    void withFourListenersPollsAreSpacedAndPostponedToTheMinute() throws Exception {
        for (String name : new String[] {"b", "c", "d"}) {
            Collector.connect(COLLECTOR.program(), Collector.newListener(COLLECTOR.program(), name), "refresh-1");
        }
        COLLECTOR.poll("2026-11-22T10:00:00Z");
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        assertThat(COLLECTOR.program().number("select count(*) from poll")).isEqualTo(4);
        assertThat(COLLECTOR
                        .program()
                        .rows("select distinct poll_interval > interval '15 minutes' and poll_interval <"
                                + " interval '20 minutes' as spaced,"
                                + " postponed_until = timestamptz '2026-11-22 10:00Z' +"
                                + " poll_interval as postponed from spotify_connection"))
                .containsExactly(Map.of("spaced", true, "postponed", true));

        COLLECTOR.poll("2026-11-22T10:18:00Z");
        assertThat(COLLECTOR.program().number("select count(*) from poll where outcome = 'done'"))
                .isEqualTo(8);
        assertThat(COLLECTOR.program().number("select count(postponed_until) from spotify_connection"))
                .isZero();
    }

    @Test
    void moreThan25MinutesBetweenPollsAreSaid() throws Exception {
        for (String name : new String[] {"b", "c", "d", "e", "f"}) {
            Collector.connect(COLLECTOR.program(), Collector.newListener(COLLECTOR.program(), name), "refresh-1");
        }
        COLLECTOR.poll("2026-11-22T10:00:00Z");
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.log())
                .filteredOn(line -> line.contains("SPOTIFY_DAILY_CALLS"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("WARN")
                .contains("every 31 minutes");
    }

    /** Six months later there may be no such day, and the clocks may have changed. */
    @ParameterizedTest
    @CsvSource({
        "2025-05-22, 2025-11-22", "2025-05-31, 2025-11-30", "2025-08-28, 2026-02-28", "2025-08-31, 2026-02-28",
        "2023-08-30, 2024-02-29", "2024-02-29, 2024-08-29", "2025-10-31, 2026-04-30", "2024-12-31, 2025-06-30"
    })
    void theLogWarnsOnceAMonthAWeekAndADayAhead(String authorised, String expires) throws Exception {
        COLLECTOR.program().execute("update spotify_connection set authorised_at = '" + authorised + "T10:00Z'");
        Timestamp end = (Timestamp) COLLECTOR
                .program()
                .rows("select expires_at from connection")
                .get(0)
                .get("expires_at");
        for (int days : new int[] {31, 30, 29, 8, 7, 6, 1, 1, 0}) {
            COLLECTOR.poll(
                    end.toInstant().minus(Duration.ofDays(days)).plusSeconds(60).toString());
        }
        assertThat(COLLECTOR.log())
                .filteredOn(line -> line.contains("expires on"))
                .extracting(
                        line -> line.replaceAll(".*expires on (.*);.*", "$1").strip())
                .containsExactly(expires + ", in 30 days", expires + ", in 7 days", expires + ", in 1 days");
    }
}
