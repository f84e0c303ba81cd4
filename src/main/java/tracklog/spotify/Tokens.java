package tracklog.spotify;

import java.time.Instant;

/**
 * What Spotify grants: an access token, when it expires, and a new refresh token or null.
 *
 * <p>{@link #toString} shows no token, so that no log can.
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
