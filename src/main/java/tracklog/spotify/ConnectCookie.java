package tracklog.spotify;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Message;

/** The cookie that carries the code verifier from {@code /connect} to {@code /callback}, which alone receives it. */
record ConnectCookie(URI redirectUri) {

    static final Duration LIFE = Duration.ofMinutes(10);

    private static final String NAME = "tracklog_connect";
    private static final Pattern VERIFIER = Pattern.compile("(?:^|;\\s*)" + NAME + "=([\\w-]+)");

    /** The verifier in a request's {@code Cookie} header. */
    static Optional<Pkce> read(String header) {
        Matcher cookie = VERIFIER.matcher(header == null ? "" : header);
        return cookie.find() ? Optional.of(new Pkce(cookie.group(1))) : Optional.empty();
    }

    void set(Message response, Pkce pkce) {
        set(response, pkce.verifier(), LIFE);
    }

    void remove(Message response) {
        set(response, "", Duration.ZERO);
    }

    private void set(Message response, String value, Duration life) {
        response.setHeader(
                "Set-Cookie",
                NAME + "=" + value + "; Max-Age=" + life.toSeconds() + "; Path=" + redirectUri.getPath()
                        + "; HttpOnly; SameSite=Lax" + (redirectUri.getScheme().equals("https") ? "; Secure" : ""));
    }
}
