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
 * Bounds an exchange with Spotify, from connecting to the last byte of the response, in time and in size.
 *
 * <p>A socket's timeout restarts with each byte, so it never ends a slow drip. The client itself retries and redirects
 * nothing: the routes own pauses and retries, and a redirect would send the credentials to another host.
 */
public final class ExchangeDeadline implements HttpClientConfigurer, ExecChainHandler, AutoCloseable {

    /** A page of 50 is about 150 kB. */
    private static final int LARGEST_RESPONSE = 8 * 1024 * 1024;

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
                // Calls are minutes apart: a connection that was kept is usually dead.
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
        try (InputStream body = entity.getContent()) {
            byte[] bytes = body.readNBytes(LARGEST_RESPONSE);
            if (body.read() >= 0) {
                throw new MalformedResponseException("Spotify's response is larger than 8 MB.");
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
