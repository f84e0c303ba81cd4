package tracklog.spotify;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.http.base.HttpOperationFailedException;

/** The outcome of a failed poll, as the ledger names it, and the failures that have it. */
public record PollOutcome(String name, Predicate<Throwable> matches) {

    /** The first row that matches the root cause applies. */
    private static final List<PollOutcome> TABLE = List.of(
            new PollOutcome("rate_limited", status(code -> code == 429)),
            new PollOutcome("needs_reconnect", error("invalid_grant")),
            new PollOutcome("invalid_client", error("invalid_client")),
            new PollOutcome("unauthorized", status(code -> code == 401)),
            new PollOutcome("forbidden", status(code -> code == 403)),
            new PollOutcome("server_error", status(code -> code >= 500)),
            new PollOutcome("refused", status(code -> true)),
            new PollOutcome("malformed", any(MalformedResponseException.class, JsonProcessingException.class)),
            new PollOutcome("unreachable", any(IOException.class)),
            new PollOutcome("budget", any(CallBudgetException.class)),
            new PollOutcome("failed", any(Throwable.class)));

    /** Names the outcome of a failure. */
    public static String of(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        Throwable cause = FailureReason.rootCause(failure);
        return TABLE.stream()
                .filter(outcome -> outcome.matches.test(cause))
                .findFirst()
                .orElseThrow()
                .name();
    }

    private static Predicate<Throwable> status(IntPredicate codes) {
        return cause -> cause instanceof HttpOperationFailedException refusal && codes.test(refusal.getStatusCode());
    }

    private static Predicate<Throwable> error(String code) {
        return cause -> cause instanceof HttpOperationFailedException refusal
                && String.valueOf(refusal.getResponseBody()).contains(code);
    }

    private static Predicate<Throwable> any(Class<?>... types) {
        return cause -> Stream.of(types).anyMatch(type -> type.isInstance(cause));
    }
}
