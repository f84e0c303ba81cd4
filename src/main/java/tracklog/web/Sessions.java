package tracklog.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.LRUCacheFactory;
import tracklog.store.RandomBits;
import tracklog.store.Sha256;

/** The sessions of people who gave the password. They are kept in memory, as hashes, until the program stops. */
public final class Sessions {

    private static final String COOKIE = "tracklog_session";
    private static final Duration LIFE = Duration.ofDays(30);
    private static final int MOST = 1_000;

    /** Failed attempts from one address, and the time of the next that is allowed. */
    private record Failures(int count, Instant until) {}

    private record Session(
            @JsonProperty("password_required") boolean passwordRequired,
            @JsonProperty("logged_in") boolean loggedIn) {}

    private final byte[] password;
    private final Map<String, Instant> sessions = LRUCacheFactory.newLRUCache(MOST);
    private final Map<String, Failures> failures = LRUCacheFactory.newLRUCache(MOST);

    /** @param password empty if no password is needed */
    public Sessions(Optional<String> password) {
        this.password = password.map(Sha256::of).orElse(null);
    }

    boolean passwordRequired() {
        return password != null;
    }

    /** Tells whether the request has an open session or needs none. */
    synchronized boolean isOpen(String cookies) {
        if (password == null) {
            return true;
        }
        Instant ends = sessions.get(key(cookies));
        return ends != null && ends.isAfter(Instant.now());
    }

    /** Tells whether a password is needed and whether the session is open. */
    public void describe(Exchange exchange) {
        respond(exchange, isOpen(exchange.getIn().getHeader("Cookie", String.class)));
    }

    /** @throws ProblemException 401 for a wrong password, 429 before a next attempt is allowed */
    public void logIn(Exchange exchange) throws ProblemException {
        String given = (String) RequestBody.texts(exchange, List.of("password")).get("password");
        String address = exchange.getIn().getHeader("CamelVertxPlatformHttpRemoteAddress", "", String.class);
        address = address.substring(0, Math.max(0, address.lastIndexOf(':')));
        String token = password == null ? null : open(given == null ? "" : given, address);
        respond(exchange, true);
        if (token != null) {
            exchange.getMessage().setHeader("Set-Cookie", cookie(token, LIFE));
        }
    }

    /** Ends the session. */
    public synchronized void logOut(Exchange exchange) {
        sessions.remove(key(exchange.getIn().getHeader("Cookie", String.class)));
        HttpResponses.respond(exchange, 204, "application/json", new byte[0]);
        exchange.getMessage().setHeader("Set-Cookie", cookie("", Duration.ZERO));
    }

    private synchronized String open(String given, String address) throws ProblemException {
        Instant now = Instant.now();
        Failures failed = failures.getOrDefault(address, new Failures(0, now));
        if (now.isBefore(failed.until)) {
            throw new ProblemException(
                    429,
                    "Wait " + (Duration.between(now, failed.until).toSeconds() + 1) + " s before the next attempt.");
        }
        if (!MessageDigest.isEqual(Sha256.of(given), password)) {
            long pause = Math.min(60, 1L << Math.min(failed.count, 6));
            failures.put(address, new Failures(failed.count + 1, now.plusSeconds(pause)));
            throw new ProblemException(401, "That is not the password (DASHBOARD_PASSWORD).");
        }
        failures.remove(address);
        String token = RandomBits.token();
        sessions.put(key(COOKIE + "=" + token), now.plus(LIFE));
        return token;
    }

    private void respond(Exchange exchange, boolean open) {
        HttpResponses.respond(
                exchange, 200, "application/json", HttpResponses.of(new Session(passwordRequired(), open)));
    }

    private static String cookie(String token, Duration life) {
        return COOKIE + "=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + life.toSeconds();
    }

    private static String key(String cookies) {
        for (String cookie : (cookies == null ? "" : cookies).split(";\\s*", -1)) {
            if (cookie.startsWith(COOKIE + "=")) {
                return Base64.getEncoder().encodeToString(Sha256.of(cookie));
            }
        }
        return "";
    }
}
