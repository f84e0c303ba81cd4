package tracklog.spotify;

import java.time.Instant;

/**
 * What Spotify grants: an access token until a moment, and a refresh token where it is a new one, else null.
 *
 * <p>Prints as nothing, so that no log can show it.
 */
record Tokens(String accessToken, Instant expiresAt, String refreshToken) {

    /** The value of the header that authenticates the listener. */
    public String bearer() {
        return "Bearer " + accessToken;
    }

    @Override
    public String toString() {
        return "tokens until " + expiresAt;
    }
}
