package tracklog.document;

/** One line of a document cannot become a play; it is kept with this reason. */
final class InvalidLineException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidLineException(String reason) {
        super(reason, null, false, false);
    }
}
