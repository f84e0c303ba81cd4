package tracklog.merge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers what repeats in a history, such as the names of a track, so that it is sent once.
 *
 * <p>The readers of a drop share one. It forgets all when it is full: what it forgot is sent again under a new number.
 */
final class Dictionary {

    private static final int MOST = 100_000;

    /** In characters: 160 for each. */
    private static final long MOST_TEXT = 160L * MOST;

    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final AtomicLong length = new AtomicLong();

    /** Returns the number of the text; negative where the text has to be sent. */
    int number(String text) {
        Integer known = numbers.get(text);
        if (known != null) {
            return known;
        }
        if (numbers.size() >= MOST || length.get() > MOST_TEXT) {
            numbers.clear();
            length.set(0);
        }
        length.addAndGet(text.length());
        int number = last.incrementAndGet();
        known = numbers.putIfAbsent(text, number);
        return known == null ? -number : known;
    }
}
