package tracklog.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The statements of {@code sql/}, for what cannot go through a route. */
public final class SqlFiles {

    private static final Map<String, String> STATEMENTS = new ConcurrentHashMap<>();

    private SqlFiles() {}

    /** Returns the text of {@code sql/NAME.sql}, which is read once: some statements run for every file or second. */
    public static String read(String name) {
        return STATEMENTS.computeIfAbsent(name, file -> TextResource.read("sql/" + file + ".sql"));
    }
}
