package tracklog.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.Storable;
import tracklog.store.ListenerName;

/** One dropped file (a JSON document, the same gzipped, or a ZIP of them) and what became of its documents. */
public final class DroppedFile implements AutoCloseable {

    private final Path file;
    private final boolean copy;
    private DroppedZip zip;
    private List<Document> documents = List.of();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger imported = new AtomicInteger();
    private volatile boolean endsEarly;

    private DroppedFile(Path file, boolean copy) {
        this.file = file;
        this.copy = copy;
    }

    /**
     * Opens a file by its content, whatever its name. One that cannot be imported has a failure and no documents.
     *
     * @param name the path below the inbox that stands for it
     */
    public static DroppedFile open(Path file, String name) throws IOException {
        return new DroppedFile(file, false).opened(name);
    }

    /** Does the same with a copy, which is deleted when it is closed or cannot be opened. */
    public static DroppedFile openCopy(Path file, String name) throws IOException {
        return new DroppedFile(file, true).opened(name);
    }

    private DroppedFile opened(String name) throws IOException {
        try {
            documents = read(name);
            return this;
        } catch (BrokenDocumentException e) {
            failed(e.getMessage(), e.endsEarly());
            return this;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private List<Document> read(String name) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new BrokenDocumentException("It is a symbolic link. Copy the file itself into the inbox.");
        }
        String listener = ListenerName.ofPath(name);
        if (listener != null && listener.isBlank()) {
            throw new BrokenDocumentException("It does not say whose it is."
                    + " Drop it into listeners/NAME/, or straight into the inbox if it is the first listener's.");
        }
        String start = start();
        String stored = Storable.text(name);
        if (start.equals(DroppedZip.START) || start.equals(DroppedZip.START_OF_EMPTY)) {
            zip = new DroppedZip(file);
            return zip.documents(stored, listener);
        }
        return start.startsWith("1f8b")
                ? List.of(new Document(stored, listener, null, -1, () -> Unpacked.gzip(file)))
                : List.of(new Document(stored, listener, null, Files.size(file), () -> Files.newInputStream(file)));
    }

    /** Returns the first four bytes in hexadecimal digits. */
    private String start() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(in.readNBytes(4));
        }
    }

    public List<Document> documents() {
        return documents;
    }

    public void imported() {
        imported.incrementAndGet();
    }

    /** Notes that a document of a file is broken. Returns the reason. */
    public static String fail(
            @Variable("drop") DroppedFile drop,
            @Variable("document") Document document,
            @ExchangeException BrokenDocumentException reason) {
        if (drop.zip == null) {
            drop.failed(reason.getMessage(), reason.endsEarly());
        } else {
            drop.failed(document.name() + ": " + reason.getMessage(), false);
        }
        return reason.getMessage();
    }

    private void failed(String reason, boolean early) {
        failures.add(reason);
        endsEarly = early;
    }

    /** Tells whether its end is missing, so that it may still be being copied. */
    public boolean endsEarly() {
        return endsEarly;
    }

    public List<String> failures() {
        return failures;
    }

    /** Returns the first failure and the number of the others, in one line. */
    public String reason() {
        int more = failures.size() - 1;
        return failures.get(0) + (more > 0 ? " (and " + more + " more, see its .reason.txt)" : "");
    }

    /** Returns how many of its documents have been imported. */
    public int importedCount() {
        return imported.get();
    }

    @Override
    public void close() throws IOException {
        if (zip != null) {
            zip.close();
        }
        if (copy) {
            Files.deleteIfExists(file);
        }
    }
}
