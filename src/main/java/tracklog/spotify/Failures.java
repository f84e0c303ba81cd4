package tracklog.spotify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.ExchangeException;
import org.apache.camel.http.base.HttpOperationFailedException;

/** What a failed call means, in words for the log, the ledger and the page. */
public final class Failures {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;
    /** Where Spotify does not say how long to wait. */
    private static final Duration DEFAULT_WAIT = Duration.ofMinutes(1);
    /** A longer wait is a mistake; one day is the longest that was met. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(7);

    /** Status and Spotify's own message, without anything else of the answer. */
    public String spotifySays(@ExchangeException HttpOperationFailedException failure) {
        return "Spotify says " + failure.getStatusCode()
                + message(failure.getResponseBody()).map(text -> ": " + text).orElse("");
    }

    /** What went wrong on the way, or here. */
    public String reason(@ExchangeException Exception failure) {
        if (failure instanceof MalformedResponseException || failure instanceof CallBudgetException) {
            return failure.getMessage();
        }
        if (failure instanceof UnknownHostException) {
            return "The name of Spotify's server cannot be resolved; is there a network?";
        }
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    /** The moment up to which a 429 forbids any call, in ISO 8601, UTC. */
    public String pausedUntil(@ExchangeException HttpOperationFailedException failure) {
        return pausedUntil(failure.getResponseHeaders(), Instant.now()).toString();
    }

    static Instant pausedUntil(Map<String, String> headers, Instant now) {
        Instant until = Optional.ofNullable(headers).orElse(Map.of()).entrySet().stream()
                .filter(header -> "Retry-After".equalsIgnoreCase(header.getKey()))
                .map(header -> moment(header.getValue().strip(), now))
                .findFirst()
                .orElse(Instant.MIN);
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

    private static Optional<String> message(String body) {
        try {
            JsonNode answer = JSON.readTree(body == null ? "" : body);
            JsonNode error = answer.path("error");
            String text = error.path("message")
                    .asText(answer.path("error_description").asText(error.asText("")));
            String printable = text.replaceAll("\\p{Cntrl}", " ").strip();
            return Optional.of(printable.length() > LONGEST ? printable.substring(0, LONGEST) + "..." : printable)
                    .filter(s -> !s.isEmpty());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
