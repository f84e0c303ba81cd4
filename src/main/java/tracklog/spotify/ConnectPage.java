package tracklog.spotify;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.StringHelper;
import tracklog.store.TextResource;

/** The responses to the browser while it connects an account: redirects, and a page with a title and a text. */
final class ConnectPage {

    private static final String PAGE = TextResource.read("spotify/connect-page.html");

    private ConnectPage() {}

    static void redirect(Message response, String target) {
        start(response, 302);
        response.setHeader("Location", target);
        response.setBody("");
    }

    static void show(Message response, int status, String title, String text) {
        start(response, status);
        response.setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
        response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setBody(PAGE.formatted(StringHelper.xmlEncode(title), StringHelper.xmlEncode(text)));
    }

    private static void start(Message response, int status) {
        response.removeHeaders("*");
        response.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        // The URL of a callback carries a code, which no cache and no other site may see.
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
    }
}
