package tracklog.web;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;

/** The responses to requests that failed, as {@code application/problem+json}. */
public final class Problems {

    /** Tells what is wrong with the request. */
    public void refuse(Exchange exchange, @ExchangeException ProblemException problem) {
        respond(exchange, problem.status(), problem.getMessage());
    }

    /** Another listener has the name. */
    public void taken(Exchange exchange) {
        respond(exchange, 409, "Another listener has this name.");
    }

    /** The body stopped arriving. */
    public void timeOut(Exchange exchange) {
        respond(exchange, 408, "The upload stopped before its end. Upload the file again.");
    }

    /** Too many requests of the kind run already. */
    public void busy(Exchange exchange) {
        respond(exchange, 503, "Too many files are being uploaded. Try again once one of them is done.");
    }

    /** The request is not at fault. */
    public void fail(Exchange exchange) {
        respond(exchange, 500, "The request failed; the log says why.");
    }

    private static void respond(Exchange exchange, int status, String detail) {
        HttpResponses.respond(exchange, status, "application/problem+json", HttpResponses.problem(status, detail));
        if (status == 429 || status == 503) {
            exchange.getMessage().setHeader("Retry-After", "60");
        }
    }
}
