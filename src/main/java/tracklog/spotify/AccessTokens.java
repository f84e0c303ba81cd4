package tracklog.spotify;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Variable;

/** Caches the access token of each listener until shortly before it expires. */
public final class AccessTokens {

    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Map<Integer, Tokens> known = new ConcurrentHashMap<>();

    /** The token to use; null if a new one is needed. */
    public Tokens find(@Variable("listener_id") int listenerId) {
        Tokens tokens = known.get(listenerId);
        return tokens == null || Instant.now().plus(MARGIN).isAfter(tokens.expiresAt()) ? null : tokens;
    }

    public void keep(@Variable("listener_id") int listenerId, @Variable("tokens") Tokens tokens) {
        known.put(listenerId, tokens);
    }

    /** Removes a token that Spotify refuses. */
    public void forget(@Variable("listener_id") int listenerId) {
        known.remove(listenerId);
    }
}
