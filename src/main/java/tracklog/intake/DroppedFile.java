package tracklog.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.DocumentImport;
import tracklog.document.Storable;
import tracklog.store.ListenerName;

/** One dropped file (a JSON document, the same gzipped, or a ZIP of them) and what became of its documents. */
public final class DroppedFile implements AutoCloseable {

    private final Path file;
    private final boolean copy;
    private final String name;
    private DroppedZip zip;
    private List<DocumentImport> imports = List.of();
    private BrokenDocumentException fault;

    private DroppedFile(Path file, boolean copy, String name) {
        this.file = file;
        this.copy = copy;
        this.name = name;
    }

    /**
     * Opens a file by its content, whatever its name. One that cannot be imported has a failure and no documents.
     *
     * @param name the path below the inbox that stands for it
     */
    public static DroppedFile open(Path file, String name) throws IOException {
        return new DroppedFile(file, false, name).opened();
    }

    /** Does the same with a copy, which is deleted when it is closed or cannot be opened. */
    public static DroppedFile openCopy(Path file, String name) throws IOException {
        return new DroppedFile(file, true, name).opened();
    }

    private DroppedFile opened() throws IOException {
        try {
            imports = documents().stream().map(DocumentImport::new).toList();
            return this;
        } catch (BrokenDocumentException e) {
            fault = e;
            return this;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private List<Document> documents() throws IOException {
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

    /** Returns its documents and what became of them. */
    public List<DocumentImport> imports() {
        return imports;
    }

    /** Tells whether its end is missing, so that it may still be being copied. */
    public boolean endsEarly() {
        return fault == null ? zip == null && imports.stream().anyMatch(DocumentImport::endsEarly) : fault.endsEarly();
    }

    /** Returns why it, or which of its documents, could not be imported. */
    public List<String> failures() {
        return fault == null
                ? imports.stream()
                        .filter(document -> document.state().equals("failed"))
                        .map(document -> (zip == null ? "" : document.document().name() + ": ") + document.reason())
                        .toList()
                : List.of(fault.getMessage());
    }

    /** Returns the first failure and the number of the others, in one line. */
    public String reason() {
        int more = failures().size() - 1;
        return failures().get(0) + (more > 0 ? " (and " + more + " more, see its .reason.txt)" : "");
    }

    /** Tells whether it holds listening history. */
    public boolean holdsHistory() {
        return imports.stream().anyMatch(document -> document.state().equals("done"));
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
