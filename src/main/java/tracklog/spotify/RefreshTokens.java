package tracklog.spotify;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Variable;
import tracklog.store.Sha256;
import tracklog.store.TokenCipher;

/** The refresh token given as a setting, and the encrypted ones in the database. */
public final class RefreshTokens {

    private final Optional<String> given;
    private final TokenCipher cipher;
    private final String connectUri;

    RefreshTokens(Optional<String> given, TokenCipher cipher, String connectUri) {
        this.given = given;
        this.cipher = cipher;
        this.connectUri = connectUri;
    }

    /** SHA-256 of the refresh token given as a setting, in hexadecimal digits; null if none is given. */
    public String settingHash() {
        return given.map(token -> HexFormat.of().formatHex(Sha256.of(token))).orElse(null);
    }

    /** The form that exchanges the refresh token given as a setting. */
    public String settingForm() {
        return form(given.orElseThrow());
    }

    /**
     * The form that exchanges a stored refresh token.
     *
     * @throws IllegalStateException if it was encrypted with another key
     */
    public String storedForm(@Variable("connection") Map<String, Object> connection) {
        try {
            return form(
                    cipher.decrypt((Integer) connection.get("listener_id"), (byte[]) connection.get("refresh_token")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The stored refresh token cannot be decrypted: TOKEN_KEY is not the one that it was encrypted with."
                            + " Restore that key, or connect again at " + connectUri + ".");
        }
    }

    /**
     * Encrypts the refresh token of a new connection: the one that Spotify sent, else the one given as a setting.
     *
     * @throws MalformedResponseException if a person connected and Spotify sent none
     */
    public byte[] seal(
            @Variable("tokens") Tokens tokens,
            @Variable("authorised_by") String authorisedBy,
            @Variable("owner") Map<String, Object> owner)
            throws GeneralSecurityException, MalformedResponseException {
        String token = tokens.refreshToken();
        if (token == null && authorisedBy.equals("connect")) {
            throw new MalformedResponseException("Spotify's response lacks refresh_token.");
        }
        return cipher.encrypt((Integer) owner.get("listener_id"), token == null ? given.orElseThrow() : token);
    }

    /** Encrypts the refresh token that replaces the stored one; null if Spotify sent none. */
    public byte[] rotated(@Variable("tokens") Tokens tokens, @Variable("listener_id") int listenerId)
            throws GeneralSecurityException {
        return tokens.refreshToken() == null ? null : cipher.encrypt(listenerId, tokens.refreshToken());
    }

    private static String form(String token) {
        return new Form()
                .add("grant_type", "refresh_token")
                .add("refresh_token", token)
                .toString();
    }
}
