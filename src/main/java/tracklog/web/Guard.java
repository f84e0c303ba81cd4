package tracklog.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Stands before everything that the page's port answers.
 *
 * <p>Without a password only requests for this machine's own names pass, so that no web page elsewhere can read the
 * history by letting its own name point here (DNS rebinding). With one, all but the page's files, the login and the
 * return from Spotify need a session. A change must come from the page itself.
 */
final class Guard implements Handler<RoutingContext> {

    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** The demo's stand-in for Spotify, which the program itself calls; nothing else is ever served there. */
    private static final String STAND_IN = "/demo/";

    static final long TIME_TO_READ_MS = 2_000;

    private final Sessions sessions;
    private final Pages pages;

    Guard(Sessions sessions, Pages pages) {
        this.sessions = sessions;
        this.pages = pages;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        response.putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none';"
                                + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        // In HTTP/2 it is called authority.
        String host = request.getHeader("Host");
        if (host == null && request.authority() != null) {
            host = request.authority().toString();
        }
        if (!sessions.passwordRequired() && (host == null || !OWN_NAMES.contains(host.replaceFirst(":\\d+$", "")))) {
            refuse(
                    context,
                    403,
                    "Without a password only requests for localhost or 127.0.0.1 are answered, and this one is for "
                            + (host == null ? "no host" : host.replaceAll("[^A-Za-z0-9.:\\[\\]-]", "?"))
                            + ". Open it there, by a port forward if need be, or set DASHBOARD_PASSWORD.");
        } else if (context.normalizedPath().startsWith(STAND_IN)) {
            context.next();
        } else if (!READING.contains(request.method()) && !isOurPage(request, host)) {
            refuse(
                    context,
                    403,
                    "A change must come from the page itself: with the header X-Tracklog: 1, from the same origin.");
        } else if (!isPublic(context.normalizedPath()) && !sessions.isOpen(request.getHeader("Cookie"))) {
            if (request.path().startsWith("/api/")) {
                refuse(context, 401, "Log in first: POST /api/v1/session.");
            } else {
                response.setStatusCode(303).putHeader("Location", "/").end();
            }
        } else {
            context.next();
        }
    }

    private boolean isPublic(String path) {
        return path.equals("/api/v1/session") || path.equals("/callback") || pages.has(path);
    }

    private static boolean isOurPage(HttpServerRequest request, String host) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        return "1".equals(request.getHeader("X-Tracklog"))
                && (site == null || site.equals("same-origin"))
                && (origin == null || origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    /** Answers, and hangs up on who still has a body to send, once they have had the time to read why. */
    static void refuse(RoutingContext context, int status, String detail) {
        HttpServerRequest request = context.request();
        if (!isShared(request)) {
            context.response().putHeader("Connection", "close");
        }
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .end(Buffer.buffer(HttpResponses.problem(status, detail)))
                .onComplete(answered -> {
                    if (!request.isEnded()) {
                        request.resume();
                        context.vertx().setTimer(TIME_TO_READ_MS, timer -> hangUp(context));
                    }
                });
    }

    /** Ends this request; others that share its connection go on. */
    static void hangUp(RoutingContext context) {
        if (isShared(context.request())) {
            context.response().reset();
        } else {
            context.request().connection().close();
        }
    }

    /** Over HTTP/2 several requests share a connection, and the header Connection is forbidden. */
    private static boolean isShared(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }
}
