package tracklog.spotify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.http.base.HttpOperationFailedException;

/** Reads the {@code Retry-After} header of a response with status 429. */
public final class RetryAfter {

    /** Applies where Spotify does not say how long to wait. */
    private static final Duration DEFAULT_WAIT = Duration.ofMinutes(1);
    /** Bounds what Spotify says; waits of up to a day have been reported. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(7);

    private RetryAfter() {}

    /** The moment before which no call may be made, in ISO 8601, UTC. */
    public static String pausedUntil(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) HttpOperationFailedException failure) {
        return pausedUntil(failure.getResponseHeaders(), Instant.now()).toString();
    }

    static Instant pausedUntil(Map<String, String> headers, Instant now) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(Optional.ofNullable(headers).orElse(Map.of()));
        Instant until = moment(anyCase.getOrDefault("Retry-After", "").strip(), now);
        if (!until.isAfter(now)) {
            return now.plus(DEFAULT_WAIT);
        }
        return until.isAfter(now.plus(LONGEST_WAIT)) ? now.plus(LONGEST_WAIT) : until;
    }

    private static Instant moment(String retryAfter, Instant now) {
        try {
            return retryAfter.matches("\\d{1,9}")
                    ? now.plusSeconds(Long.parseLong(retryAfter))
                    : DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter, Instant::from);
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }
}
