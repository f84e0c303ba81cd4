package tracklog.spotify;

/** The calls to Spotify of the last 24 hours have reached {@code SPOTIFY_DAILY_CALLS}. */
public final class CallBudgetException extends Exception {

    private static final long serialVersionUID = 1;

    public CallBudgetException(String message) {
        super(message);
    }
}
