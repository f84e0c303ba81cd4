package tracklog.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ConcurrentModificationException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tracklog.store.Sha256;

/**
 * The watched folder.
 *
 * <p>A file is ready once two scans agree on its size and times. A scan looks at all files, so ten thousand files wait
 * no longer than one. No file is ever overwritten, altered or deleted.
 */
public final class Inbox implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final String SHELF = "inbox";
    private static final Pattern DOWNLOAD =
            Pattern.compile(".*\\.(part|partial|crdownload|opdownload|download|tmp)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> OWN = Set.of(".done", ".failed");

    /** Java's replacement for bytes of a file name that are not text. */
    private static final String UNDECODED = "\uFFFD";

    private final Path folder;
    private final Pauses pauses;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    public Inbox(Path folder, Pauses pauses) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        this.folder = folder.toAbsolutePath().normalize();
        this.pauses = pauses;
    }

    /** Tells whether a file is ready to be read, or a folder to be scanned. Every scan asks it for every file. */
    @Override
    public boolean accept(GenericFile<File> found) {
        try {
            Path path = path(found);
            FoundFile file = find(found);
            if (OWN.contains(file.name())) {
                return false;
            }
            Object version = version(path);
            String unfit = unfit(path, found.isDirectory());
            if (unfit != null) {
                report(Level.INFO, file.name(), unfit);
                return false;
            }
            return found.isDirectory() || (pauses.isKnown(file, version) && pauses.isOver(file));
        } catch (IOException | InvalidPathException e) {
            String name = found.getFile().getName();
            if (name.contains(UNDECODED)) {
                report(
                        Level.WARN,
                        name,
                        "its name is not in UTF-8 (or LC_ALL is not, with which Tracklog runs). Rename it");
            }
            return false;
        }
    }

    private void report(Level level, String name, String reason) {
        if (reported.add(name)) {
            LOG.atLevel(level).log("{} is not read: {}", name, reason);
        }
    }

    private static String unfit(Path file, boolean directory) {
        if (file.getFileName().toString().startsWith(".")) {
            return "it is hidden, because its name begins with a dot";
        }
        if (directory) {
            return Files.isSymbolicLink(file)
                    ? "it is a symbolic link to a folder; copy the folder itself into the inbox"
                    : null;
        }
        if (DOWNLOAD.matcher(file.toString()).matches()) {
            return "its name is that of an unfinished download; it is imported once it has its final name";
        }
        return Files.isRegularFile(file) || Files.isSymbolicLink(file) ? null : "it is not a regular file";
    }

    public FoundFile find(GenericFile<File> file) {
        return new FoundFile(SHELF, folder.relativize(path(file)).toString());
    }

    public DroppedFile open(@Variable("file") FoundFile file) throws IOException {
        return DroppedFile.open(folder.resolve(file.name()), file.name());
    }

    /** @throws ConcurrentModificationException if the file is no longer what the scan found ready */
    public void requireUnchanged(@Variable("file") FoundFile file) throws IOException {
        if (!pauses.isVersion(file, version(folder.resolve(file.name())))) {
            throw new ConcurrentModificationException(file.name());
        }
    }

    /** Moves a file to {@code .done} or {@code .failed}. Returns its new path. */
    public String move(
            @Variable("file") FoundFile file, @Variable("outcome") String outcome, @Variable("drop") DroppedFile drop)
            throws IOException {
        Path source = folder.resolve(file.name());
        String hash = HexFormat.of().formatHex(Sha256.of(source), 0, 6);
        Path target = folder.resolve("." + outcome).resolve(TargetName.of(file.name(), "-" + hash));
        Files.createDirectories(target.getParent());
        if (!drop.failures().isEmpty()) {
            Files.write(target.resolveSibling(target.getFileName() + ".reason.txt"), drop.failures());
        }
        return folder.relativize(Files.move(source, target)).toString();
    }

    private static Map<String, Object> version(Path file) throws IOException {
        return Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static Path path(GenericFile<File> file) {
        return file.getFile().toPath().toAbsolutePath().normalize();
    }
}
