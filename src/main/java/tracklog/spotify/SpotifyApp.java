package tracklog.spotify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.Settings;
import tracklog.store.Sha256;
import tracklog.store.TokenCipher;

/** The app at Spotify that this program acts as. Its secrets stay in here, but for the requests that need them. */
public final class SpotifyApp {

    private static final Logger LOG = LoggerFactory.getLogger(SpotifyApp.class);

    private final Optional<String> clientId;
    private final Optional<String> clientSecret;
    private final Optional<String> givenToken;
    private final String redirectUri;
    private final TokenCipher cipher;

    public SpotifyApp(Settings settings, TokenCipher cipher) {
        clientId = settings.secret("SPOTIFY_CLIENT_ID");
        clientSecret = settings.secret("SPOTIFY_CLIENT_SECRET");
        givenToken = settings.secret("SPOTIFY_REFRESH_TOKEN");
        redirectUri = settings.get("SPOTIFY_REDIRECT_URI");
        this.cipher = cipher;
    }

    /** Whether client id and client secret are set. */
    public boolean isConfigured() {
        return clientId.isPresent() && clientSecret.isPresent();
    }

    /** Says at start what is missing, and how to get it. */
    public void introduce() {
        if (!isConfigured()) {
            LOG.info(
                    "Not collecting from Spotify yet: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set. {}",
                    howToConfigure());
        }
    }

    String howToConfigure() {
        return "Create an app at https://developer.spotify.com/dashboard with the redirect URI " + redirectUri
                + " and the Web API, set both from its settings, start Tracklog again, and open " + connectUri() + ".";
    }

    /** Where a person connects an account. */
    public String connectUri() {
        return redirectUri.replaceFirst("/[^/]*$", "/connect");
    }

    String redirectUri() {
        return redirectUri;
    }

    String clientId() {
        return clientId.orElseThrow();
    }

    /** The value of the header that authenticates the app. */
    public String basic() {
        String credentials = clientId.orElseThrow() + ":" + clientSecret.orElseThrow();
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    /** SHA-256 of the refresh token that came as a setting, in hexadecimal digits; null where none did. */
    public String settingHash() {
        return givenToken
                .map(token -> HexFormat.of().formatHex(Sha256.of(token)))
                .orElse(null);
    }

    /** The form that exchanges the refresh token of the setting. */
    public String settingForm() {
        return refreshForm(givenToken.orElseThrow());
    }

    /**
     * The form that exchanges a stored refresh token.
     *
     * @throws IllegalStateException if it was encrypted with another key
     */
    public String refreshForm(@Variable("connection") Map<String, Object> connection) {
        try {
            return refreshForm(
                    cipher.decrypt((Integer) connection.get("listener_id"), (byte[]) connection.get("refresh_token")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The stored refresh token cannot be decrypted: TOKEN_KEY is not the one that it was encrypted with."
                            + " Restore that key, or connect again at " + connectUri() + ".");
        }
    }

    private static String refreshForm(String token) {
        return form(Map.of("grant_type", "refresh_token", "refresh_token", token));
    }

    /** The form that exchanges the code with which Spotify sent the browser back. */
    String codeForm(String code, String verifier) {
        return form(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                redirectUri,
                "code_verifier",
                verifier));
    }

    /**
     * The refresh token of a new connection, encrypted for its listener; that of the setting where Spotify sent no other.
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
            throw new MalformedResponseException("Spotify's answer lacks refresh_token.");
        }
        return cipher.encrypt((Integer) owner.get("listener_id"), token == null ? givenToken.orElseThrow() : token);
    }

    /** The refresh token that replaces the stored one, encrypted; null where Spotify sent none. */
    public byte[] rotated(@Variable("tokens") Tokens tokens, @Variable("listener_id") int listenerId)
            throws GeneralSecurityException {
        return tokens.refreshToken() == null ? null : cipher.encrypt(listenerId, tokens.refreshToken());
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
