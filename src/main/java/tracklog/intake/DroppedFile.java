package tracklog.intake;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.Storable;
import tracklog.store.ListenerName;

/** One file that was dropped into the inbox: a JSON document, the same gzipped, or a ZIP of them. */
public final class DroppedFile implements AutoCloseable {

    /** Spotify's ZIPs unpack about 13:1. */
    private static final int MOST_UNPACKED = 200;

    private static final long ALWAYS_FINE = 1 << 20;

    private final Path file;
    private final String name;
    private final ZipFile zip;
    private final List<Document> documents = new ArrayList<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger imported = new AtomicInteger();
    private volatile boolean mayGrow;

    private DroppedFile(Path file, String name, ZipFile zip) {
        this.file = file;
        this.name = name;
        this.zip = zip;
    }

    /**
     * Looks at the content, whatever the name.
     *
     * @param inbox the folder that names and listeners are relative to
     * @throws BrokenDocumentException if it is a link, belongs to nobody, or is a ZIP that cannot be read or would not
     *     fit on the disk
     */
    public static DroppedFile open(Path inbox, Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new BrokenDocumentException("It is a symbolic link. Copy the file itself into the inbox.");
        }
        return open(file, inbox.relativize(file).toString());
    }

    /**
     * The same for a file that is kept elsewhere.
     *
     * @param name the path below the inbox that stands for it
     */
    public static DroppedFile open(Path file, String name) throws IOException {
        String listener = listener(name);
        byte[] start = start(file);
        if (startsWith(start, 'P', 'K', 3, 4) || startsWith(start, 'P', 'K', 5, 6)) {
            return zip(file, name, listener);
        }
        DroppedFile drop = new DroppedFile(file, Storable.text(name), null);
        boolean gzipped = startsWith(start, 0x1F, 0x8B);
        drop.documents.add(new Document(
                drop.name,
                listener,
                null,
                gzipped ? -1 : Files.size(file),
                () -> gzipped ? gunzip(file) : Files.newInputStream(file)));
        return drop;
    }

    /** The name of the listener in {@code listeners/NAME/...}; null elsewhere. */
    private static String listener(String path) throws BrokenDocumentException {
        String name = ListenerName.ofPath(path);
        if (name != null && name.isEmpty()) {
            throw new BrokenDocumentException("It does not say whose it is."
                    + " Drop it into listeners/NAME/, or straight into the inbox if it is the first listener's.");
        }
        return name;
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(4);
        }
    }

    private static boolean startsWith(byte[] start, int... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (i >= start.length || (start[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static DroppedFile zip(Path file, String name, String listener) throws IOException {
        ZipFile zip;
        try {
            zip = ZipFile.builder().setPath(file).setIgnoreLocalFileHeader(true).get();
        } catch (FileSystemException | ClosedChannelException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw BrokenDocumentException.endsEarly(
                    "The ZIP cannot be read (" + e.getMessage() + "). Download or copy it again.", e);
        }
        DroppedFile drop = new DroppedFile(file, Storable.text(name), zip);
        try {
            UUID bundle = UUID.randomUUID();
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (!entry.isDirectory()) {
                    drop.documents.add(new Document(
                            drop.name + "!" + Storable.text(entry.getName()),
                            listener(entry.getName(), listener),
                            bundle,
                            entry.getSize(),
                            () -> entry(zip, entry)));
                }
            }
            drop.refuseTooLarge();
            return drop;
        } catch (IOException e) {
            drop.close();
            throw e;
        }
    }

    /** The listener of an entry; the ZIP's where the entry names none. */
    private static String listener(String entry, String otherwise) {
        String name = ListenerName.ofPath(entry);
        return name == null || name.isEmpty() ? otherwise : name;
    }

    private void refuseTooLarge() throws IOException {
        double unpacked = documents.stream()
                .mapToDouble(document -> Math.max(0, document.size()))
                .sum();
        if (unpacked > Files.getFileStore(file).getUsableSpace()) {
            throw new BrokenDocumentException(String.format(
                    "Unpacked it would take %.0f MB, more than the disk has free. Make room and drop it again.",
                    unpacked / 1e6));
        }
        if (unpacked > ALWAYS_FINE && unpacked > (double) MOST_UNPACKED * Files.size(file)) {
            throw new BrokenDocumentException(tooMuch() + " Nothing of it was imported.");
        }
    }

    private static String tooMuch() {
        return "It unpacks to more than " + MOST_UNPACKED + " times its size; no export of Spotify does.";
    }

    private static InputStream gunzip(Path file) throws IOException {
        InputStream packed = Files.newInputStream(file);
        try {
            return new Unpacked(new GZIPInputStream(packed), Files.size(file), -1);
        } catch (IOException e) {
            packed.close();
            throw BrokenDocumentException.endsEarly(Unpacked.reason(e), e);
        }
    }

    private static InputStream entry(ZipFile zip, ZipArchiveEntry entry) throws IOException {
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new BrokenDocumentException("It is encrypted. Unpack the ZIP yourself and drop what was in it.");
        }
        InputStream opened;
        try {
            // It looks for where an entry begins by moving the one position of the file.
            synchronized (zip) {
                opened = zip.getInputStream(entry);
            }
        } catch (FileSystemException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenDocumentException(Unpacked.reason(e), e);
        }
        InputStream bytes = new BufferedInputStream(new Unpacked(opened, entry.getCompressedSize(), entry.getCrc()));
        bytes.mark(4);
        if (startsWith(bytes.readNBytes(4), 'P', 'K', 3, 4)) {
            throw new BrokenDocumentException("It is a ZIP inside a ZIP. Unpack the outer one and drop this one.");
        }
        bytes.reset();
        return bytes;
    }

    /** What comes out of an archive, counted and checked whatever the archive says of itself. */
    private static final class Unpacked extends FilterInputStream {

        private final CRC32 crc = new CRC32();
        private final long wantedCrc;
        private final long most;
        private long count;

        /** @param wantedCrc -1 where the stream itself checks it */
        Unpacked(InputStream bytes, long packed, long wantedCrc) {
            super(bytes);
            this.most = Math.max(ALWAYS_FINE, packed * MOST_UNPACKED);
            this.wantedCrc = wantedCrc;
        }

        static String reason(IOException fault) {
            return "It cannot be unpacked (" + fault.getMessage() + "). Download or copy it again.";
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read;
            try {
                read = super.read(buffer, offset, length);
            } catch (FileSystemException | ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                throw wantedCrc < 0
                        ? BrokenDocumentException.endsEarly(reason(e), e)
                        : new BrokenDocumentException(reason(e), e);
            }
            if (read < 0) {
                if (wantedCrc >= 0 && crc.getValue() != wantedCrc) {
                    throw new BrokenDocumentException("Its checksum is wrong. Download or copy it again.");
                }
                return read;
            }
            crc.update(buffer, offset, read);
            count += read;
            if (count > most) {
                throw new BrokenDocumentException(tooMuch());
            }
            return read;
        }
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
        imported.incrementAndGet();
    }

    void failed(Document document, BrokenDocumentException reason) {
        failures.add(zip == null ? reason.getMessage() : document.name() + ": " + reason.getMessage());
        mayGrow = zip == null && reason.endsEarly();
    }

    /** Whether what it lacks is its end, so that it may still be being copied. */
    boolean mayGrow() {
        return mayGrow;
    }

    public List<String> failures() {
        return failures;
    }

    /** How many of its documents have been imported. */
    public int importedCount() {
        return imported.get();
    }

    /** Closes it and deletes the file, which was a copy. */
    public void discard() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        if (zip != null) {
            zip.close();
        }
    }
}
