package tracklog.intake;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Variable;

/** Remembers when each file may be read again. A file that changes starts anew. */
public final class Pauses {

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 7;
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    private final Map<FoundFile, Pause> pauses = new ConcurrentHashMap<>();
    private final Duration patience;

    /**
     * A file as a look saw it.
     *
     * @param since when it was first seen like this
     * @param until when it may be read
     * @param tries how often it was postponed
     */
    private record Pause(Object version, Duration since, Duration until, int tries) {}

    /** @param patience how long after its last change a file that ends too early may still be being copied */
    public Pauses(Duration patience) {
        this.patience = patience;
    }

    /** Notes the version that a look saw. Returns whether the look before saw the same. */
    boolean isKnown(FoundFile file, Object version) {
        if (isVersion(file, version)) {
            return true;
        }
        pauses.put(file, new Pause(version, now(), now(), 0));
        return false;
    }

    /** Tells whether a version is the one that the last look saw. */
    boolean isVersion(FoundFile file, Object version) {
        Pause pause = pauses.get(file);
        return pause != null && pause.version.equals(version);
    }

    /** Tells whether an object may be read now. Unlike a file it appears whole, so one look suffices. */
    public boolean isDue(@Variable("file") FoundFile file, @Variable("version") Object version) {
        isKnown(file, version);
        return isOver(file);
    }

    boolean isOver(FoundFile file) {
        return now().compareTo(pauses.get(file).until) >= 0;
    }

    /** Pauses for 5 s, and for twice as long each further time. Returns the seconds. */
    public long postpone(@Variable("file") FoundFile file) {
        Pause pause = pauses.get(file);
        Duration length = FIRST.multipliedBy(1L << Math.min(pause.tries, MOST_DOUBLINGS));
        pauses.put(file, new Pause(pause.version, pause.since, now().plus(length), pause.tries + 1));
        return length.toSeconds();
    }

    /** Pauses until the file changes or Tracklog restarts. */
    public void leave(@Variable("file") FoundFile file) {
        until(file, FOR_EVER);
    }

    /** Tells whether a file changed so recently that it may still be being copied. */
    public boolean mayGrow(@Variable("file") FoundFile file) {
        return now().compareTo(pauses.get(file).since.plus(patience)) < 0;
    }

    /** Pauses until a copy that is under way should have ended. */
    public void awaitCopy(@Variable("file") FoundFile file) {
        until(file, pauses.get(file).since.plus(patience));
    }

    public void forget(@Variable("file") FoundFile file) {
        pauses.remove(file);
    }

    private void until(FoundFile file, Duration moment) {
        pauses.computeIfPresent(file, (key, pause) -> new Pause(pause.version, pause.since, moment, pause.tries));
    }

    /** Returns the time of a clock that nobody sets. */
    private static Duration now() {
        return Duration.ofNanos(System.nanoTime());
    }
}
