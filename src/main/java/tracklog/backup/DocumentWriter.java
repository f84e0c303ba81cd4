package tracklog.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes one JSON document into a ZIP, one item a line. */
final class DocumentWriter {

    /** Is the same for each entry, so that equal content gives equal bytes. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final ZipOutputStream out;
    private String before = "\n";
    private long bytes;

    DocumentWriter(ZipOutputStream zip, String name, String start) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ENTRY_TIME);
        zip.putNextEntry(entry);
        this.out = zip;
        write(start);
    }

    void add(String line) throws IOException {
        write(before + line);
        before = ",\n";
    }

    void end(String end) throws IOException {
        write("\n" + end + "\n");
        out.closeEntry();
    }

    long bytes() {
        return bytes;
    }

    private void write(String text) throws IOException {
        byte[] encoded = text.getBytes(UTF_8);
        bytes += encoded.length;
        out.write(encoded);
    }
}
