package tracklog.spotify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollOutcomeTest {

    private static Exception refusal(int status, String body) {
        return new HttpOperationFailedException("http://127.0.0.1/", status, "", null, Map.of(), body);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("rate_limited", refusal(429, "slow down"), "Spotify says 429"),
                Arguments.of(
                        "needs_reconnect",
                        refusal(400, "{\"error\": \"invalid_grant\", \"error_description\": \"revoked\"}"),
                        "Spotify says 400: revoked"),
                Arguments.of(
                        "invalid_client",
                        refusal(400, "{\"error\": \"invalid_client\"}"),
                        "Spotify says 400: invalid_client"),
                Arguments.of(
                        "unauthorized", refusal(401, "{\"error\": {\"message\": \"No\"}}"), "Spotify says 401: No"),
                Arguments.of("forbidden", refusal(403, null), "Spotify says 403"),
                Arguments.of("server_error", refusal(500, "<html>"), "Spotify says 500"),
                Arguments.of("server_error", refusal(599, ""), "Spotify says 599"),
                Arguments.of("refused", refusal(302, ""), "Spotify says 302"),
                Arguments.of("refused", refusal(404, "{}"), "Spotify says 404"),
                Arguments.of("malformed", new MalformedResponseException("It lacks id."), "It lacks id."),
                Arguments.of(
                        "malformed",
                        new RuntimeCamelException(new MalformedResponseException("It lacks id.")),
                        "It lacks id."),
                Arguments.of(
                        "malformed",
                        new JsonParseException(null, "the-token"),
                        "Spotify's response is no valid JSON, or only a part of it."),
                Arguments.of("unreachable", new ConnectException("refused"), "ConnectException: refused"),
                Arguments.of(
                        "unreachable",
                        new UnknownHostException("api.spotify.com"),
                        "The name of Spotify's server cannot be resolved; is there a network?"),
                Arguments.of("unreachable", new IOException("reset"), "IOException: reset"),
                Arguments.of("budget", new CallBudgetException("used up"), "used up"),
                Arguments.of("failed", new SQLException("it is gone"), "SQLException: it is gone"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureHasOneOutcomeAndAReason(String outcome, Exception failure, String reason) {
        assertThat(PollOutcome.of(failure)).isEqualTo(outcome);
        assertThat(FailureReason.of(failure)).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"access_token\": theToken",
                "{\"access_token\": \"theToken",
                "{\"access_token\": \"x\"} theToken",
                "theToken",
                "{theToken: 1}",
                "{\"theToken\" 1}",
                "[\"theToken\", 1.theToken]",
                ""
            })
    void theMapperNeverQuotesAResponse(String response) {
        ObjectMapper mapper = SpotifyResponses.mapper();
        assertThat(catchThrowable(() -> mapper.readValue(response, JsonNode.class)))
                .isInstanceOf(IOException.class)
                .asString()
                .doesNotContain("theToken");
    }

    @Test
    void aLongMessageIsCut() {
        String message = "word ".repeat(100);
        assertThat(FailureReason.of(refusal(403, "{\"error\": {\"message\": \"" + message + "\"}}")))
                .hasSize("Spotify says 403: ".length() + 303)
                .endsWith("...");
    }
}
