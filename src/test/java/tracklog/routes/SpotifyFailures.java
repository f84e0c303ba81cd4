package tracklog.routes;

import java.net.ConnectException;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import tracklog.spotify.CallBudgetException;
import tracklog.spotify.MalformedResponseException;

/** A failure of a call to Spotify for each outcome of a poll. */
final class SpotifyFailures {

    private static final Map<String, Exception> BY_OUTCOME = Map.ofEntries(
            Map.entry("rate_limited", refusal(429, "")),
            Map.entry("needs_reconnect", refusal(400, "{\"error\": \"invalid_grant\"}")),
            Map.entry("invalid_client", refusal(400, "{\"error\": \"invalid_client\"}")),
            Map.entry("unauthorized", refusal(401, "")),
            Map.entry("forbidden", refusal(403, "")),
            Map.entry("refused", refusal(404, "")),
            Map.entry("server_error", refusal(503, "")),
            Map.entry("malformed", new MalformedResponseException("It lacks items.")),
            Map.entry("unreachable", new ConnectException("refused")),
            Map.entry("budget", new CallBudgetException("It is used up.")),
            Map.entry("failed", new IllegalStateException("bug")));

    private SpotifyFailures() {}

    static Exception of(String outcome) {
        return BY_OUTCOME.get(outcome);
    }

    private static HttpOperationFailedException refusal(int status, String body) {
        return new HttpOperationFailedException("https://api.spotify.com", status, "", null, Map.of(), body);
    }
}
