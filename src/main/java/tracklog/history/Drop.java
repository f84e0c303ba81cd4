package tracklog.history;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** One file that was dropped into the inbox: a JSON document, the same gzipped, or a ZIP of them. */
public final class Drop {

    /** Spotify's ZIPs unpack about 13:1. */
    private static final int MOST_UNPACKED = 200;

    private static final long ALWAYS_FINE = 1 << 20;

    private final Path file;
    private final String name;
    private final List<Document> documents;
    private final List<String> failures = new ArrayList<>();
    private int imported;

    private Drop(Path file, String name, List<Document> documents) {
        this.file = file;
        this.name = name;
        this.documents = documents;
    }

    /**
     * Looks at the content, whatever the name.
     *
     * @param inbox the folder that names and listeners are relative to
     * @throws BrokenDocumentException if it is a link, or a ZIP that cannot be read or would not fit on the disk
     */
    static Drop open(Path inbox, Path file) throws IOException, BrokenDocumentException {
        Path relative = inbox.relativize(file);
        String name = relative.toString();
        boolean owned =
                relative.getNameCount() > 2 && relative.getName(0).toString().equals("listeners");
        String listener = owned ? relative.getName(1).toString() : null;
        if (Files.isSymbolicLink(file)) {
            throw new BrokenDocumentException("It is a symbolic link. Copy the file itself into the inbox.");
        }
        byte[] start = start(file);
        if (startsWith(start, 'P', 'K')) {
            return new Drop(file, name, entries(file, name, listener));
        }
        boolean gzipped = startsWith(start, 0x1F, 0x8B);
        Document.Source source = () -> gzipped
                ? bounded(new GZIPInputStream(Files.newInputStream(file)), Files.size(file))
                : Files.newInputStream(file);
        return new Drop(
                file, name, List.of(new Document(name, listener, null, gzipped ? -1 : Files.size(file), source)));
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(4);
        }
    }

    private static boolean startsWith(byte[] start, int first, int second) {
        return start.length >= 2 && (start[0] & 0xFF) == first && (start[1] & 0xFF) == second;
    }

    private static List<Document> entries(Path file, String name, String listener)
            throws IOException, BrokenDocumentException {
        UUID bundle = UUID.randomUUID();
        List<Document> documents = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long unpacked = zip.stream()
                    .mapToLong(ZipEntry::getSize)
                    .filter(size -> size > 0)
                    .sum();
            if (unpacked > Files.getFileStore(file).getUsableSpace()) {
                throw new BrokenDocumentException("Unpacked it would take " + unpacked
                        + " bytes, more than the disk has free. Make room and drop it again.");
            }
            if (unpacked > ALWAYS_FINE && unpacked / MOST_UNPACKED > Files.size(file)) {
                throw new BrokenDocumentException("It unpacks to more than " + MOST_UNPACKED
                        + " times its size; no export of Spotify does. Nothing of it was imported.");
            }
            zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .forEach(entry -> documents.add(new Document(
                            name + "!" + entry.getName(),
                            listener,
                            bundle,
                            entry.getSize(),
                            () -> entry(file, entry.getName()))));
        } catch (ZipException e) {
            throw new BrokenDocumentException(
                    "The ZIP cannot be read (" + e.getMessage() + "). Download or copy it again.", e);
        }
        return documents;
    }

    private static InputStream entry(Path file, String name) throws IOException, BrokenDocumentException {
        ZipFile zip = new ZipFile(file.toFile());
        try {
            ZipEntry entry = zip.getEntry(name);
            InputStream bytes = new BufferedInputStream(bounded(zip.getInputStream(entry), entry.getCompressedSize())) {
                @Override
                public void close() throws IOException {
                    zip.close();
                }
            };
            bytes.mark(2);
            if (Arrays.equals(bytes.readNBytes(2), new byte[] {'P', 'K'})) {
                throw new BrokenDocumentException("It is a ZIP inside a ZIP. Unpack the outer one and drop this one.");
            }
            bytes.reset();
            return bytes;
        } catch (IOException | BrokenDocumentException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Whatever an archive says of its size: what comes out is counted. */
    private static InputStream bounded(InputStream bytes, long packed) {
        long most = Math.max(ALWAYS_FINE, packed * MOST_UNPACKED);
        return new java.io.FilterInputStream(bytes) {
            private long count;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                count += Math.max(read, 0);
                if (count > most) {
                    throw new ZipException("it unpacks to more than " + MOST_UNPACKED + " times its size");
                }
                return read;
            }
        };
    }

    public List<Document> documents() {
        return documents;
    }

    /** The path below the inbox. */
    public String name() {
        return name;
    }

    Path file() {
        return file;
    }

    public void imported() {
        imported++;
    }

    public void failed(Document document, Exception reason) {
        failures.add(documents.size() == 1 ? reason.getMessage() : document.name() + ": " + reason.getMessage());
    }

    List<String> failures() {
        return failures;
    }

    int importedCount() {
        return imported;
    }
}
