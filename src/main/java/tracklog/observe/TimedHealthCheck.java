package tracklog.observe;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** A health check that answers within 3 s, even when what it checks does not. */
public abstract class TimedHealthCheck extends AbstractHealthCheck {

    private static final int SECONDS = 3;
    private static final ExecutorService LOOKS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "health");
        thread.setDaemon(true);
        return thread;
    });

    private final String remedy;
    private Future<Optional<String>> look;

    /** @param remedy what a person can do when the check fails or takes longer than 3 s */
    protected TimedHealthCheck(String id, String remedy) {
        super("tracklog", id);
        this.remedy = remedy;
    }

    /**
     * Returns what is wrong and what to do about it; empty when all is well. It must contain no secret, and no slash, which
     * Camel escapes twice.
     */
    protected abstract Optional<String> problem() throws Exception;

    /** Is called by one thread at a time. */
    @Override
    protected final void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (look == null || look.isDone()) {
            look = LOOKS.submit(this::problem);
        }
        try {
            look.get(SECONDS, TimeUnit.SECONDS)
                    .ifPresentOrElse(problem -> builder.message(problem).down(), builder::up);
        } catch (TimeoutException e) {
            builder.message("No answer within " + SECONDS + " s. " + remedy).down();
        } catch (ExecutionException e) {
            builder.message(e.getCause().getMessage().replaceFirst("\\.$", "") + ". " + remedy)
                    .down();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.unknown();
        }
    }
}
