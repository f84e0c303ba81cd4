package tracklog.spotify;

import java.io.IOException;

/** Spotify answered with something else than its API says. Carries nothing of the answer: it may hold a token. */
public final class MalformedResponseException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedResponseException(String reason) {
        super(reason);
    }
}
