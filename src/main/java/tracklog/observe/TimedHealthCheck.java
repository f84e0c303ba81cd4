package tracklog.observe;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** A health check that answers within 3 s, even when what it checks does not. */
final class TimedHealthCheck extends AbstractHealthCheck {

    private static final int SECONDS = 3;
    private static final ExecutorService LOOKS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "health");
        thread.setDaemon(true);
        return thread;
    });

    /** What is checked. Returns what is wrong and what to do about it; null when all is well. */
    interface Check {
        /** The text must contain no secret, and no slash, which Camel escapes twice. */
        String problem() throws Exception;
    }

    private final boolean readiness;
    private final String remedy;
    private final Check check;
    private Future<String> look;

    /**
     * @param readiness whether the program is not ready while the check fails
     * @param remedy what a person can do when the check fails or takes longer than 3 s
     */
    TimedHealthCheck(String id, boolean readiness, String remedy, Check check) {
        super("tracklog", id);
        this.readiness = readiness;
        this.remedy = remedy;
        this.check = check;
    }

    @Override
    public boolean isReadiness() {
        return readiness;
    }

    /** Is called by one thread at a time. */
    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (look == null || look.isDone()) {
            look = LOOKS.submit(check::problem);
        }
        try {
            String problem = look.get(SECONDS, TimeUnit.SECONDS);
            builder.message(problem).state(problem == null ? State.UP : State.DOWN);
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
