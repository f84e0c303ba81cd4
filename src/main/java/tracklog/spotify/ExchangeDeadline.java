package tracklog.spotify;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Bounds a whole exchange with Spotify, from connecting to the last byte of the answer, and cancels it at its end.
 *
 * <p>A socket's timeout starts anew with each byte, so that it never ends a slow drip. The client retries and
 * redirects nothing by itself: pauses and retries are the routes', and a redirect would carry the credentials away.
 */
public final class ExchangeDeadline implements HttpClientConfigurer, ExecChainHandler, AutoCloseable {

    /** A page of 50 is about 150 kB. */
    private static final int LARGEST_ANSWER = 8 * 1024 * 1024;

    private final Duration limit;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "spotify-deadline");
        thread.setDaemon(true);
        return thread;
    });

    public ExchangeDeadline(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                // Minutes apart, a kept connection is more often dead than useful.
                .setConnectionReuseStrategy((request, response, context) -> false)
                .addExecInterceptorFirst("deadline", this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end = clock.schedule(
                () -> {
                    late.set(true);
                    if (scope.originalRequest instanceof Cancellable exchange) {
                        exchange.cancel();
                    }
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                response.setEntity(
                        new ByteArrayEntity(whole(entity), ContentType.parseLenient(entity.getContentType())));
            }
            return response;
        } catch (IOException | RuntimeException e) {
            if (late.get()) {
                throw new SocketTimeoutException(
                        "Spotify did not answer completely within " + limit.toSeconds() + " s");
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private static byte[] whole(HttpEntity entity) throws IOException {
        try (InputStream answer = entity.getContent()) {
            byte[] bytes = answer.readNBytes(LARGEST_ANSWER);
            if (answer.read() >= 0) {
                throw new MalformedResponseException("Spotify's answer is larger than 8 MB.");
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
