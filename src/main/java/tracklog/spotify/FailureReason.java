package tracklog.spotify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.UnknownHostException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/** Describes a failure for the log, the ledger and the page. */
public final class FailureReason {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;

    private FailureReason() {}

    /** Describes the root cause. Of a response, only Spotify's own message is quoted: the rest may hold a token. */
    public static String of(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        Throwable cause = rootCause(failure);
        if (cause instanceof HttpOperationFailedException refusal) {
            String message = message(refusal.getResponseBody());
            return "Spotify says " + refusal.getStatusCode() + (message.isEmpty() ? "" : ": " + message);
        }
        if (cause instanceof JsonProcessingException) {
            return "Spotify's response is no valid JSON, or only a part of it.";
        }
        if (cause instanceof MalformedResponseException || cause instanceof CallBudgetException) {
            return cause.getMessage();
        }
        if (cause instanceof UnknownHostException) {
            return "The name of Spotify's server cannot be resolved; is there a network?";
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    static Throwable rootCause(Exception failure) {
        return ObjectHelper.createExceptionIterable(failure).iterator().next();
    }

    private static String message(String body) {
        try {
            JsonNode response = JSON.readTree(body == null ? "" : body);
            JsonNode error = response.path("error");
            String text = error.path("message")
                    .asText(response.path("error_description").asText(error.asText("")))
                    .replaceAll("\\p{Cntrl}", " ")
                    .strip();
            return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
