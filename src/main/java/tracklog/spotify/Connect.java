package tracklog.spotify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Variable;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.StringHelper;
import tracklog.store.RandomBits;
import tracklog.store.Sha256;

/**
 * The browser's side of Spotify's authorization code flow with PKCE.
 *
 * <p>Nothing is kept here between the two requests: the code verifier travels in a cookie that only {@code /callback}
 * gets, and {@code state} is derived from it. So the answer is bound to the browser that asked, and a restart in
 * between does no harm.
 */
public final class Connect {

    private static final String SCOPE = "user-read-recently-played";
    private static final String COOKIE = "tracklog_connect";
    private static final Pattern VERIFIER = Pattern.compile("(?:^|;\\s*)" + COOKIE + "=([\\w-]+)");
    private static final int MINUTES = 10;

    private final SpotifyApp app;
    private final String authoriseUrl;
    private final Failures failures = new Failures();

    public Connect(SpotifyApp app, String accountsUrl) {
        this.app = app;
        authoriseUrl = accountsUrl + "/authorize";
    }

    /** Answers {@code /connect}: sends the browser to Spotify, or says what is missing. */
    public void begin(Exchange exchange, @Header(Exchange.HTTP_URL) String url) {
        Message answer = exchange.getMessage();
        if (!app.isConfigured()) {
            page(answer, 503, "Tracklog is not an app at Spotify yet", app.howToConfigure());
            return;
        }
        URI redirect = URI.create(app.redirectUri());
        if ("localhost".equals(URI.create(url).getHost()) && !redirect.getHost().equals("localhost")) {
            // Spotify sends the browser back to the redirect URI; a cookie for localhost would not come along.
            redirect(answer, app.connectUri());
            return;
        }
        String verifier = RandomBits.token();
        redirect(
                answer,
                authoriseUrl + "?"
                        + SpotifyApp.form(new TreeMap<>(Map.of(
                                "response_type",
                                "code",
                                "client_id",
                                app.clientId(),
                                "scope",
                                SCOPE,
                                "redirect_uri",
                                app.redirectUri(),
                                "state",
                                state(verifier),
                                "code_challenge_method",
                                "S256",
                                "code_challenge",
                                base64(Sha256.of(verifier))))));
        cookie(answer, verifier, MINUTES * 60);
    }

    /**
     * Takes what Spotify sent the browser back with: sets the variable {@code form} to what exchanges the code for tokens
     * or, where there is none to exchange, makes the page.
     */
    public void finish(
            Exchange exchange,
            @Header("state") String state,
            @Header("code") String code,
            @Header("error") String error) {
        Message answer = exchange.getMessage();
        // Camel makes headers of query parameters too; a cookie counts only where the browser sent it as one.
        String verifier =
                verifier(exchange.getMessage(HttpMessage.class).getRequest().getHeader("Cookie"));
        if (!app.isConfigured()) {
            page(answer, 503, "Tracklog is not an app at Spotify yet", app.howToConfigure());
        } else if (verifier.isEmpty() || state == null || !same(state, state(verifier))) {
            page(
                    answer,
                    400,
                    "This is no answer to a request of this browser",
                    "More than " + MINUTES + " minutes may have passed, or cookies are switched off. Start again at "
                            + app.connectUri() + ".");
        } else if (error != null || code == null) {
            page(
                    answer,
                    403,
                    "Spotify was not allowed to tell what you play",
                    ("access_denied".equals(error) ? "You declined." : "Spotify says: " + error + ".")
                            + " Nothing was changed. Start again at " + app.connectUri() + ".");
        } else {
            exchange.setVariable("form", app.codeForm(code, verifier));
        }
    }

    /** The page after an account has been connected. */
    public void done(Exchange exchange, @Variable("owner") Map<String, Object> owner) {
        page(
                exchange.getMessage(),
                200,
                "Connected",
                "From now on Tracklog collects what " + owner.get("name")
                        + " plays. You can close this page. In six months Spotify wants you to connect again.");
    }

    /** The page after Spotify refused the code, or could not be reached; the variable {@code error} says why, for the ledger. */
    public void failed(Exchange exchange, @ExchangeException Exception failure) {
        String reason = failure instanceof HttpOperationFailedException refused
                ? failures.spotifySays(refused)
                : failures.reason(failure);
        page(
                exchange.getMessage(),
                502,
                "The account could not be connected",
                reason + " Nothing was changed. Start again at " + app.connectUri() + ".");
        exchange.setVariable("error", reason);
    }

    private void page(Message answer, int status, String title, String text) {
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        answer.setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
        answer.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        hush(answer);
        cookie(answer, "", 0);
        answer.setBody("""
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s - Tracklog</title>
                <link rel="stylesheet" href="app.css">
                <main class="panel said">
                <h1>%1$s</h1>
                <p>%2$s</p>
                <p><a class="button primary" href=".#/status">Back to Tracklog</a></p>
                </main>
                </html>
                """.formatted(StringHelper.xmlEncode(title), StringHelper.xmlEncode(text)));
    }

    private static void redirect(Message answer, String target) {
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 302);
        answer.setHeader("Location", target);
        hush(answer);
        answer.setBody("");
    }

    /** The URL of a callback carries a code: no cache and no other site shall see it. */
    private static void hush(Message answer) {
        answer.setHeader("Cache-Control", "no-store");
        answer.setHeader("Referrer-Policy", "no-referrer");
    }

    private void cookie(Message answer, String value, int seconds) {
        answer.setHeader(
                "Set-Cookie",
                COOKIE + "=" + value + "; Max-Age=" + seconds + "; Path="
                        + URI.create(app.redirectUri()).getPath() + "; HttpOnly; SameSite=Lax"
                        + (app.redirectUri().startsWith("https:") ? "; Secure" : ""));
    }

    private static String verifier(String cookies) {
        Matcher cookie = VERIFIER.matcher(cookies == null ? "" : cookies);
        return cookie.find() ? cookie.group(1) : "";
    }

    private static String state(String verifier) {
        return base64(Sha256.of("state of " + verifier));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
    }

    private static String base64(byte[] bits) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
