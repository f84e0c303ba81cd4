package tracklog.web;

/** A request that is refused: the status of the response, and what the sender can do. */
public final class ProblemException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    ProblemException(int status, String detail) {
        super(detail);
        this.status = status;
    }

    int status() {
        return status;
    }
}
