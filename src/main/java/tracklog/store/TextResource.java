package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A text on the class path, in UTF-8. */
public final class TextResource {

    private TextResource() {}

    public static String read(String path) {
        try (InputStream in = TextResource.class.getResourceAsStream("/" + path)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
