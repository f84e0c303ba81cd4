package tracklog.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.camel.Variable;
import tracklog.OneShot;
import tracklog.Settings;
import tracklog.intake.DroppedFile;
import tracklog.store.FileTime;
import tracklog.store.Store;

/**
 * Writes backups into {@code DATA_DIR/backup}. A {@code .zip} has been restored on trial and compared. The last one
 * that failed the comparison is kept as {@code .zip.broken}. Files with other names are never changed.
 */
public record Backups(Settings settings, Store store) {

    private static final Pattern VERIFIED = Pattern.compile("tracklog-" + FileTime.PATTERN + "\\.zip");
    private static final Pattern BROKEN = Pattern.compile(VERIFIED + "\\.broken");
    private static final Pattern LEFT_BEHIND = Pattern.compile(VERIFIED + "\\.unverified(\\.part(\\.rest)?)?");

    public Backups {
        if (settings.number("BACKUP_KEEP") < 1) {
            throw new IllegalArgumentException(
                    "BACKUP_KEEP must be 1 or more and is " + settings.get("BACKUP_KEEP") + ".");
        }
    }

    private Path folder() {
        return settings.path("DATA_DIR").resolve("backup");
    }

    /** Writes everything that is stored into a file that is not verified yet. */
    public Path write() throws IOException, SQLException {
        Files.createDirectories(folder());
        delete(LEFT_BEHIND, 0);
        Path file = folder().resolve("tracklog-" + FileTime.now() + ".zip.unverified");
        new Export(store.dataSource()).write(file);
        return file;
    }

    /**
     * Restores a backup into an empty schema, through the import routes, and compares the contents.
     *
     * @return the verified backup
     * @throws IOException if the restored contents differ
     */
    public Path verify(@Variable("written") Path written) throws Exception {
        String fault = fault(written);
        if (fault != null) {
            Path broken = renamed(written, ".zip.broken");
            delete(BROKEN, 1);
            throw new IOException(broken + " differs from the database: " + fault
                    + ". After a change of RECONCILE_TOLERANCE, ./tracklog reconcile goes first.");
        }
        return renamed(written, ".zip");
    }

    /** Deletes the oldest backups, down to {@code BACKUP_KEEP}. */
    public void keepLast() throws IOException {
        delete(VERIFIED, settings.number("BACKUP_KEEP"));
    }

    private String fault(Path written) throws Exception {
        try (Store scratch = store.scratch();
                DroppedFile drop =
                        DroppedFile.open(written, written.getFileName().toString())) {
            OneShot.importFile(settings, scratch, drop);
            if (!drop.failures().isEmpty()) {
                return drop.failures().get(0);
            }
            String restored = Export.contents(scratch.dataSource());
            try (ZipFile zip = new ZipFile(written.toFile())) {
                return restored.equals(zip.getComment())
                        ? null
                        : "stored were " + zip.getComment() + ", restored were " + restored;
            }
        }
    }

    private static Path renamed(Path file, String ending) throws IOException {
        String name = file.getFileName().toString();
        return Files.move(file, file.resolveSibling(name.replace(".zip.unverified", ending)));
    }

    private void delete(Pattern own, int butLast) throws IOException {
        List<Path> newestFirst;
        try (Stream<Path> files = Files.list(folder())) {
            newestFirst = files.filter(
                            file -> own.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : newestFirst.subList(Math.min(butLast, newestFirst.size()), newestFirst.size())) {
            Files.delete(file);
        }
    }
}
