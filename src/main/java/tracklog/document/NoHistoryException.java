package tracklog.document;

/** A document without any listening history, such as a playlist or a picture: it is left alone. */
public final class NoHistoryException extends Exception {

    private static final long serialVersionUID = 1;

    public NoHistoryException(String what) {
        super(what);
    }
}
