package tracklog.spotify;

import java.time.Duration;
import org.apache.camel.main.Main;
import tracklog.Settings;
import tracklog.store.Store;

/** Binds the app, its tokens, and what reads Spotify's responses. */
public final class SpotifyBeans {

    private SpotifyBeans() {}

    public static void bind(Main main, Settings settings, Store store) {
        SpotifyApp app = new SpotifyApp(settings);
        main.bind("spotifyApp", app);
        main.bind("connect", new Connect(app));
        main.bind(
                "refreshTokens",
                new RefreshTokens(settings.secret("SPOTIFY_REFRESH_TOKEN"), store.cipher(), app.connectUri()));
        main.bind("accessTokens", new AccessTokens());
        main.bind("spotifyJson", SpotifyResponses.mapper());
        main.bind("spotifyResponses", new SpotifyResponses());
        main.bind("exchangeDeadline", new ExchangeDeadline(Duration.ofMillis(settings.number("SPOTIFY_TIMEOUT"))));
    }
}
