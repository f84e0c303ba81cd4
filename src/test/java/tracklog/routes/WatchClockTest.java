package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchClockTest extends RouteTest {

    WatchClockTest() {
        super("watch-clock");
    }

    @Test
    void watchesTheTimers() {
        send("watch-clock");
        assertThat(calls()).containsExactly("bean:clockWatch.watch");
    }
}
