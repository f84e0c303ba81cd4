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
 * Checks each request to the page's port before any route sees it.
 *
 * <p>Without a password, only requests for localhost pass. This stops a foreign web page that lets its own host name
 * point to this machine (DNS rebinding). With a password, everything needs a session except the page's files, the
 * login and the callback from Spotify. A change must come from the page itself.
 */
record Guard(Sessions sessions, Pages pages, Set<String> openPaths) implements Handler<RoutingContext> {

    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    static final long TIME_TO_READ_MS = 2_000;

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        context.addEndHandler(responded -> discardRest(context));
        response.putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
                                + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        // HTTP/2 calls the header :authority.
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
        } else if (openPaths.stream().anyMatch(context.normalizedPath()::startsWith)) {
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

    private static void refuse(RoutingContext context, int status, String detail) {
        if (!isShared(context.request())) {
            context.response().putHeader("Connection", "close");
        }
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .end(Buffer.buffer(HttpResponses.problem(status, detail)));
    }

    /** Gives a client that is still sending its body the time to read the response, then stops it. */
    private static void discardRest(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            request.resume();
            context.vertx().setTimer(TIME_TO_READ_MS, timer -> {
                if (!request.isEnded() && isShared(request)) {
                    context.response().reset();
                } else if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
    }

    /** Over HTTP/2 several requests share a connection, and the header Connection is forbidden. */
    private static boolean isShared(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }
}
