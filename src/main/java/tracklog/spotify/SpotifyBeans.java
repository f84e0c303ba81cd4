package tracklog.spotify;

import java.time.Duration;
import org.apache.camel.main.Main;
import tracklog.Settings;
import tracklog.store.Store;

/** Binds the app, its tokens, and what reads Spotify's responses. */
public final class SpotifyBeans {

    private SpotifyBeans() {}

    public static void bind(Main main, Settings settings, Store store) {
        SpotifyApp app = new SpotifyApp(settings, store.cipher());
        main.bind("spotifyApp", app);
        main.bind("accessTokens", new AccessTokens());
        main.bind("spotifyResponses", new SpotifyResponses());
        main.bind("failures", new Failures());
        main.bind("connect", new Connect(app, settings.get("SPOTIFY_ACCOUNTS_URL")));
        main.bind("exchangeDeadline", new ExchangeDeadline(Duration.ofMillis(settings.number("SPOTIFY_TIMEOUT"))));
    }
}
