package tracklog.spotify;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Variable;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * The browser's side of Spotify's authorization code flow with PKCE.
 *
 * <p>The server keeps no state between the two requests: the code verifier travels in a cookie, and {@code state} is
 * derived from it. This binds the redirect to the browser that asked, and a restart in between does no harm.
 */
public record Connect(SpotifyApp app) {

    /** Responds to {@code /connect}: sends the browser to Spotify, or shows what is missing. */
    public void begin(Exchange exchange, @Header(Exchange.HTTP_URL) String url) {
        Message response = exchange.getMessage();
        boolean local = "localhost".equals(URI.create(url).getHost());
        if (!app.isConfigured()) {
            showHowToConfigure(response);
        } else if (local && !cookie().redirectUri().getHost().equals("localhost")) {
            // Spotify sends the browser back to the redirect URI, which would not receive a cookie for localhost.
            ConnectPage.redirect(response, app.connectUri());
        } else {
            Pkce pkce = Pkce.generate();
            ConnectPage.redirect(response, app.authoriseUri(pkce));
            cookie().set(response, pkce);
        }
    }

    /** Responds to {@code /callback}: sets {@code form}, which exchanges the code, or shows what is wrong. */
    public void finish(
            Exchange exchange,
            @Header("state") String state,
            @Header("code") String code,
            @Header("error") String error) {
        Message response = exchange.getMessage();
        // Camel makes headers of query parameters, too; only the request itself tells which cookies the browser sent.
        Optional<Pkce> asked = ConnectCookie.read(
                        exchange.getMessage(HttpMessage.class).getRequest().getHeader("Cookie"))
                .filter(pkce -> pkce.isAnsweredBy(state));
        if (!app.isConfigured()) {
            showHowToConfigure(response);
        } else if (asked.isEmpty()) {
            show(
                    response,
                    400,
                    "This is no answer to a request of this browser",
                    "More than " + ConnectCookie.LIFE.toMinutes() + " minutes may have passed, or cookies are switched"
                            + " off. Start again at " + app.connectUri() + ".");
        } else if (error != null || code == null) {
            String reason = "access_denied".equals(error) ? "You declined." : "Spotify says: " + error + ".";
            show(response, 403, "Spotify was not allowed to tell what you play", reason + startAgain());
        } else {
            exchange.setVariable("form", app.codeForm(code, asked.get()));
        }
    }

    /** Shows that the account is connected. */
    public void done(Exchange exchange, @Variable("owner") Map<String, Object> owner) {
        String text = "From now on Tracklog collects what " + owner.get("name")
                + " plays. You can close this page. In six months Spotify wants you to connect again.";
        show(exchange.getMessage(), 200, "Connected", text);
    }

    /** Shows that the account could not be connected, and why. */
    public void failed(Exchange exchange, @Variable("error") String reason) {
        show(exchange.getMessage(), 502, "The account could not be connected", reason + startAgain());
    }

    private ConnectCookie cookie() {
        return new ConnectCookie(URI.create(app.redirectUri()));
    }

    private String startAgain() {
        return " Nothing was changed. Start again at " + app.connectUri() + ".";
    }

    private void showHowToConfigure(Message response) {
        show(response, 503, "Tracklog is not an app at Spotify yet", app.howToConfigure());
    }

    private void show(Message response, int status, String title, String text) {
        ConnectPage.show(response, status, title, text);
        cookie().remove(response);
    }
}
