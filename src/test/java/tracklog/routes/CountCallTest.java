package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import tracklog.spotify.CallBudgetException;

class CountCallTest extends RouteTest {

    CountCallTest() {
        super("count-call");
    }

    @Test
    void countsTheCallAndRemovesTheHeadersOfTheOneBefore() {
        answer("sql:count-call", true);
        Exchange result = send("count-call", exchange -> {
            exchange.getMessage().setHeader("Authorization", "Basic abc");
            exchange.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, 2);
        });
        assertThat(calls()).containsExactly("sql:count-call");
        assertThat(result.getMessage().getHeaders()).containsOnlyKeys(Exchange.REDELIVERY_COUNTER);
    }

    @Test
    void refusesACallBeyondTheDailyCalls() {
        answer("sql:count-call", false);
        assertThat(send("count-call").getException())
                .isInstanceOf(CallBudgetException.class)
                .hasMessage("The 450 calls to Spotify of the last 24 hours are used up (SPOTIFY_DAILY_CALLS).");
    }
}
