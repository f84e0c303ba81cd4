package tracklog.intake;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.Storable;
import tracklog.store.ListenerName;

/** A ZIP; each of its entries is a document. */
final class DroppedZip implements Closeable {

    /** The first four bytes of a ZIP, in hexadecimal digits. */
    static final String START = "504b0304";

    static final String START_OF_EMPTY = "504b0506";

    private final Path file;
    private final ZipFile zip;

    DroppedZip(Path file) throws IOException {
        this.file = file;
        try {
            zip = ZipFile.builder().setPath(file).setIgnoreLocalFileHeader(true).get();
        } catch (FileSystemException | ClosedChannelException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw BrokenDocumentException.endsEarly(
                    "The ZIP cannot be read (" + e.getMessage() + "). Download or copy it again.", e);
        }
    }

    /** @throws BrokenDocumentException if the entries would not fit on the disk, or the ZIP is a bomb */
    List<Document> documents(String name, String listener) throws IOException {
        UUID bundle = UUID.randomUUID();
        List<Document> documents = Collections.list(zip.getEntries()).stream()
                .filter(entry -> !entry.isDirectory())
                .map(entry -> new Document(
                        name + "!" + Storable.text(entry.getName()),
                        listener(entry.getName(), listener),
                        bundle,
                        entry.getSize(),
                        () -> open(entry)))
                .toList();
        // A sum of longs could overflow: an entry may claim any size.
        double unpacked = documents.stream()
                .mapToDouble(document -> Math.max(0, document.size()))
                .sum();
        if (unpacked > Files.getFileStore(file).getUsableSpace()) {
            throw new BrokenDocumentException(String.format(
                    "Unpacked it would take %.0f MB, more than the disk has free. Make room and drop it again.",
                    unpacked / 1e6));
        }
        Unpacked.refuseBomb(unpacked, Files.size(file));
        return documents;
    }

    /** Returns the listener of an entry; the ZIP's if the entry names none. */
    private static String listener(String entry, String otherwise) {
        String name = ListenerName.ofPath(entry);
        return name == null || name.isBlank() ? otherwise : name;
    }

    private InputStream open(ZipArchiveEntry entry) throws IOException {
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new BrokenDocumentException("It is encrypted. Unpack the ZIP yourself and drop what was in it.");
        }
        InputStream opened;
        try {
            // Opening an entry moves the position of the file, which all readers share.
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
        if (HexFormat.of().formatHex(bytes.readNBytes(4)).equals(START)) {
            throw new BrokenDocumentException("It is a ZIP inside a ZIP. Unpack the outer one and drop this one.");
        }
        bytes.reset();
        return bytes;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
