package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The statements of {@code sql/}, for what cannot go through a route. */
public final class SqlFiles {

    private SqlFiles() {}

    /** Returns the text of {@code sql/NAME.sql}. */
    public static String read(String name) {
        try (InputStream sql = SqlFiles.class.getResourceAsStream("/sql/" + name + ".sql")) {
            return new String(sql.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
