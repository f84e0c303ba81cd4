package tracklog.spotify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import tracklog.Settings;

/** The app at Spotify that this program acts as. Its secret leaves this class only in requests that need it. */
public final class SpotifyApp {

    private static final String SCOPE = "user-read-recently-played";

    private final Optional<String> clientId;
    private final Optional<String> clientSecret;
    private final String redirectUri;
    private final String authoriseUrl;

    SpotifyApp(Settings settings) {
        clientId = settings.secret("SPOTIFY_CLIENT_ID");
        clientSecret = settings.secret("SPOTIFY_CLIENT_SECRET");
        redirectUri = settings.get("SPOTIFY_REDIRECT_URI");
        authoriseUrl = settings.get("SPOTIFY_ACCOUNTS_URL") + "/authorize";
    }

    /** Whether client id and client secret are set. */
    public boolean isConfigured() {
        return clientId.isPresent() && clientSecret.isPresent();
    }

    /** Says how to set client id and client secret. */
    public String howToConfigure() {
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

    /** The value of the header that authenticates the app. */
    public String basic() {
        String credentials = clientId.orElseThrow() + ":" + clientSecret.orElseThrow();
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    /** Spotify's page that asks a person for permission. */
    String authoriseUri(Pkce pkce) {
        return authoriseUrl + "?"
                + new Form()
                        .add("response_type", "code")
                        .add("client_id", clientId.orElseThrow())
                        .add("scope", SCOPE)
                        .add("redirect_uri", redirectUri)
                        .add("state", pkce.state())
                        .add("code_challenge_method", "S256")
                        .add("code_challenge", pkce.challenge());
    }

    /** The form that exchanges the code of a redirect for tokens. */
    String codeForm(String code, Pkce pkce) {
        return new Form()
                .add("grant_type", "authorization_code")
                .add("code", code)
                .add("redirect_uri", redirectUri)
                .add("code_verifier", pkce.verifier())
                .toString();
    }
}
