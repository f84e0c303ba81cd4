package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeepPageTest extends RouteTest {

    KeepPageTest() {
        super("keep-page");
    }

    private void storePage(Object... gaps) {
        answer("direct:store-page", exchange -> {
            exchange.setVariable("listener_id", 7);
            exchange.setVariable("items", 50);
            exchange.setVariable("plays", Map.of("inserted", 40, "duplicates", 9, "rejected", 1));
            exchange.setVariable("gaps", List.of(gaps));
        });
        send("keep-page");
    }

    @Test
    void logsWhatWasNew() {
        storePage();
        assertThat(calls())
                .containsExactly(
                        "direct:store-page", "INFO Polled listener 7: 50 plays = 40 new + 9 known + 1 rejected");
    }

    @Test
    void warnsOfEachGap() {
        storePage(Map.of("since", "12:00", "until", "13:00"));
        assertThat(calls())
                .hasSize(3)
                .endsWith("WARN Plays of listener 7 may have been missed between 12:00 and 13:00 UTC:"
                        + " all 50 that Spotify returned were new. The history export closes the gap.");
    }

    @Test
    void recordsAFailure() {
        fail("direct:store-page", new SQLException("no connection"));
        assertThat(send("keep-page").getException()).isNull();
        assertThat(calls()).containsExactly("direct:store-page", "direct:end-poll");
        assertThat(at("direct:end-poll").getVariable("outcome")).isEqualTo("failed");
        assertThat(at("direct:end-poll").getVariable("error")).isEqualTo("SQLException: no connection");
    }
}
