package tracklog.document;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.UUID;

/**
 * One JSON document to import.
 *
 * @param name the path below the inbox; of a ZIP entry: path of the ZIP, {@code !}, name of the entry
 * @param listener the name of the listener whose plays it holds; null for the first one
 * @param bundle the same for all documents of one ZIP; null outside one
 * @param size in bytes, unpacked; -1 where unknown
 */
public record Document(String name, String listener, UUID bundle, long size, Source source) {

    /** Opens the bytes of a document. */
    public interface Source {
        InputStream open() throws IOException;
    }

    /** Tells whether its name promises JSON, so that any other content is a fault. */
    public boolean promisesJson() {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".json") || lower.endsWith(".json.gz");
    }
}
