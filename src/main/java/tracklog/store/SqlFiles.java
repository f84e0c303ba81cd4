package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;

/** The statements of {@code sql/}, for what streams and so cannot go through a route. */
public final class SqlFiles {

    private SqlFiles() {}

    public static String read(String name) throws IOException {
        try (InputStream sql = SqlFiles.class.getResourceAsStream("/sql/" + name + ".sql")) {
            return new String(sql.readAllBytes(), UTF_8);
        }
    }
}
