package tracklog.history;

/** The document itself cannot be imported; trying again would not help. The message tells the person what to do. */
public final class BrokenDocumentException extends Exception {

    private static final long serialVersionUID = 1;

    BrokenDocumentException(String reason) {
        super(reason);
    }

    BrokenDocumentException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
