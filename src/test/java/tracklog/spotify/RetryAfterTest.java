package tracklog.spotify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | 2026-11-22T10:00:07Z",
                "49861 | 2026-11-22T23:51:01Z",
                "Sun, 22 Nov 2026 11:30:00 GMT | 2026-11-22T11:30:00Z",
                "Sun, 22 Nov 2026 09:30:00 GMT | 2026-11-22T10:01:00Z",
                "0 | 2026-11-22T10:01:00Z",
                "-5 | 2026-11-22T10:01:00Z",
                "soon | 2026-11-22T10:01:00Z",
                "'' | 2026-11-22T10:01:00Z",
                "999999999 | 2026-11-29T10:00:00Z",
                "99999999999999999999 | 2026-11-22T10:01:00Z",
            })
    void aPauseLastsAsLongAsRetryAfterSays(String retryAfter, Instant until) {
        assertThat(RetryAfter.pausedUntil(Map.of("retry-after", retryAfter), NOW))
                .isEqualTo(until);
    }

    @Test
    void withoutRetryAfterAPauseLastsAMinute() {
        assertThat(RetryAfter.pausedUntil(Map.of(), NOW)).isEqualTo(NOW.plusSeconds(60));
        assertThat(RetryAfter.pausedUntil(null, NOW)).isEqualTo(NOW.plusSeconds(60));
    }
}
