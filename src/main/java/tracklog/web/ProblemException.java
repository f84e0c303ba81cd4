package tracklog.web;

/** A request that cannot be answered, and what to do about it. */
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
