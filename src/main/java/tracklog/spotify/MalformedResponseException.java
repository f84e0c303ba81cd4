package tracklog.spotify;

import java.io.IOException;

/** Spotify's response is not what its API promises. The message quotes nothing of the response: it may hold a token. */
public final class MalformedResponseException extends IOException {

    private static final long serialVersionUID = 1;

    public MalformedResponseException(String reason) {
        super(reason);
    }
}
