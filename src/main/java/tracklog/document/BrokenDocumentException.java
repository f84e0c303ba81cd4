package tracklog.document;

import java.io.IOException;

/** The document itself cannot be imported; trying again would not help. The message tells the person what to do. */
public final class BrokenDocumentException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean endsEarly;

    public BrokenDocumentException(String reason) {
        this(reason, null, false);
    }

    public BrokenDocumentException(String reason, Throwable cause) {
        this(reason, cause, false);
    }

    private BrokenDocumentException(String reason, Throwable cause, boolean endsEarly) {
        super(reason, cause);
        this.endsEarly = endsEarly;
    }

    /** One whose end is missing: perhaps it is still being copied. */
    public static BrokenDocumentException endsEarly(String reason, Throwable cause) {
        return new BrokenDocumentException(reason, cause, true);
    }

    public boolean endsEarly() {
        return endsEarly;
    }
}
