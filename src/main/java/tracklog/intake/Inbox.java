package tracklog.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import tracklog.document.BrokenDocumentException;
import tracklog.document.Document;
import tracklog.document.NoHistoryException;
import tracklog.store.FileTime;
import tracklog.store.Sha256;

/**
 * The watched folder: when a file is ready to be read, and where it goes afterwards.
 *
 * <p>A file is ready once two scans agree on its size and times; all files of a scan are looked at together, so that
 * ten thousand wait no longer than one. Nothing is ever overwritten, altered or deleted.
 */
public final class Inbox implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 7;
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    /** In characters: with what goes before and after it stays below the 255 bytes that a name may have. */
    private static final int LONGEST_TAIL = 60;

    private static final Pattern DOWNLOAD =
            Pattern.compile(".*\\.(part|partial|crdownload|opdownload|download|tmp)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> OWN = Set.of(".done", ".failed");

    /** What stands in a name for bytes that are no text. */
    private static final String UNDECODED = "\uFFFD";

    private final Path folder;
    private final Duration patience;
    private final Map<Path, Look> looks = new ConcurrentHashMap<>();
    private final Set<String> undecoded = ConcurrentHashMap.newKeySet();

    /**
     * What a look at a file saw.
     *
     * @param since when it was first seen so, as {@link #now} tells the time
     * @param notBefore from when on it may be read
     * @param tries how often reading it failed for a reason that is not its fault
     */
    private record Look(Map<String, Object> seen, Duration since, Duration notBefore, int tries) {

        static Look at(Path file) throws IOException {
            return new Look(
                    Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS),
                    now(),
                    now(),
                    0);
        }

        Look notBefore(Duration moment) {
            return new Look(seen, since, moment, tries);
        }

        Look postponed() {
            return new Look(
                    seen,
                    since,
                    now().plus(FIRST_PAUSE.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS))),
                    tries + 1);
        }

        /** Of a clock that nobody sets. */
        static Duration now() {
            return Duration.ofNanos(System.nanoTime());
        }
    }

    /** @param patience how long after its last change a file that ends too early may still be being copied */
    public Inbox(Path folder, Duration patience) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        this.folder = folder.toAbsolutePath().normalize();
        this.patience = patience;
    }

    /** Whether a file is ready to be read, or a folder to be looked into; asked for each in every scan. */
    @Override
    public boolean accept(GenericFile<File> found) {
        try {
            Path file = path(found);
            if (OWN.contains(folder.relativize(file).toString())) {
                return false;
            }
            Look now = Look.at(file);
            String reason = unfit(file, found.isDirectory());
            if (reason != null) {
                if (looks.putIfAbsent(file, now) == null) {
                    LOG.info("{} is not read: {}", folder.relativize(file), reason);
                }
                return false;
            }
            if (found.isDirectory()) {
                return true;
            }
            Look before = looks.putIfAbsent(file, now);
            if (before == null || !before.seen.equals(now.seen)) {
                looks.put(file, now);
                return false;
            }
            return Look.now().compareTo(before.notBefore) >= 0;
        } catch (IOException | InvalidPathException e) {
            String name = found.getFile().getName();
            if (name.contains(UNDECODED) && undecoded.add(name)) {
                LOG.warn(
                        "{} is not read: its name is not in UTF-8 (or LC_ALL is not, with which Tracklog runs). Rename it",
                        name);
            }
            return false;
        }
    }

    private static String unfit(Path file, boolean directory) {
        if (file.getFileName().toString().startsWith(".")) {
            return "it is hidden, for its name begins with a dot";
        }
        if (directory) {
            return Files.isSymbolicLink(file)
                    ? "it is a symbolic link to a folder; copy the folder itself into the inbox"
                    : null;
        }
        if (DOWNLOAD.matcher(file.toString()).matches()) {
            return "by its name it is an unfinished download; it is taken in once it has its final name";
        }
        return Files.isRegularFile(file) || Files.isSymbolicLink(file) ? null : "it is no regular file";
    }

    /** Opens what was dropped. */
    public DroppedFile open(GenericFile<File> file) throws IOException {
        return DroppedFile.open(folder, path(file));
    }

    /** Moves what has been imported to {@code .done}, what is broken to {@code .failed}; leaves what holds no history. */
    public void settle(@Variable("drop") DroppedFile drop) throws IOException {
        drop.close();
        if (!drop.failures().isEmpty()) {
            fail(drop.file(), drop.failures(), drop.mayGrow());
        } else if (drop.importedCount() == 0) {
            leave(drop.file(), "it holds no listening history");
        } else if (unchanged(drop.file())) {
            move(drop.file(), ".done", List.of());
        }
    }

    /** Notes that one document of the drop is broken, and returns why. */
    public String broken(
            @Variable("drop") DroppedFile drop,
            @Variable("document") Document document,
            @ExchangeException BrokenDocumentException reason) {
        drop.failed(document, reason);
        return reason.getMessage();
    }

    /** Returns what a document is that holds no history. */
    public String noHistory(@ExchangeException NoHistoryException reason) {
        return reason.getMessage();
    }

    /** A file that could not even be opened. */
    public void fail(GenericFile<File> file, @ExchangeException BrokenDocumentException reason) throws IOException {
        fail(path(file), List.of(reason.getMessage()), reason.endsEarly());
    }

    private void fail(Path file, List<String> reasons, boolean mayGrow) throws IOException {
        if (!unchanged(file)) {
            return;
        }
        Look look = looks.get(file);
        Duration givenUp = look.since.plus(patience);
        if (mayGrow && Look.now().compareTo(givenUp) < 0) {
            looks.put(file, look.notBefore(givenUp));
            LOG.info("{} may still be being copied: {}", folder.relativize(file), reasons.get(0));
            return;
        }
        move(file, ".failed", reasons);
    }

    /** Not the file's fault, a database or disk that fails: it stays and is tried again, ever more rarely. */
    public void postpone(
            @Variable("drop") DroppedFile drop, GenericFile<File> file, @ExchangeException Exception reason)
            throws IOException {
        if (drop != null) {
            drop.close();
        }
        Path path = path(file);
        if (reason instanceof AccessDeniedException) {
            leave(path, "it cannot be read. Give the user that Tracklog runs as the right to");
        } else if (unchanged(path)) {
            Look look = looks.get(path).postponed();
            looks.put(path, look);
            LOG.warn(
                    "{} stays in the inbox and is tried again in {} s: {}",
                    folder.relativize(path),
                    look.notBefore.minus(Look.now()).toSeconds() + 1,
                    message(reason));
        }
    }

    /** What the database says, where it says anything; else the first cause. */
    private static String message(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return "The database: " + cause.getMessage();
            }
        }
        return NestedExceptionUtils.getMostSpecificCause(reason).getMessage();
    }

    /** Until it changes, or the program starts anew. */
    private void leave(Path file, String reason) {
        looks.computeIfPresent(file, (path, look) -> look.notBefore(FOR_EVER));
        LOG.info("{} was left where it is: {}", folder.relativize(file), reason);
    }

    /** A file that has changed since it was found ready is looked at again from the start. */
    private boolean unchanged(Path file) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            LOG.info("{} was taken away while it was read", folder.relativize(file));
            return false;
        }
        if (looks.get(file).seen.equals(Look.at(file).seen)) {
            return true;
        }
        LOG.info("{} changed while it was read and is read again", folder.relativize(file));
        return false;
    }

    private void move(Path file, String to, List<String> reasons) throws IOException {
        try {
            Path target = target(file, to);
            if (!reasons.isEmpty()) {
                Path reason = target.resolveSibling(target.getFileName() + ".reason.txt");
                Files.writeString(reason, String.join("\n", reasons) + "\n", UTF_8);
            }
            Files.move(file, target);
            looks.remove(file);
            if (reasons.isEmpty()) {
                LOG.info("{} is done and now at {}", folder.relativize(file), folder.relativize(target));
            } else {
                LOG.warn(
                        "{} could not be imported and is now at {}: {}{}",
                        folder.relativize(file),
                        folder.relativize(target),
                        reasons.get(0),
                        reasons.size() > 1 ? " (and " + (reasons.size() - 1) + " more, see its .reason.txt)" : "");
            }
        } catch (FileSystemException e) {
            looks.computeIfPresent(file, (path, look) -> look.notBefore(FOR_EVER));
            LOG.warn(
                    "{} {} but cannot be moved to {} ({}). Make the inbox writable for the user that Tracklog runs as;"
                            + " until Tracklog starts anew or the file changes it is not read again",
                    folder.relativize(file),
                    reasons.isEmpty() ? "was imported" : "could not be imported (" + reasons.get(0) + ")",
                    to,
                    e.toString());
        }
    }

    private Path target(Path file, String to) throws IOException {
        Path directory = folder.resolve(to).resolve(folder.relativize(file.getParent()));
        Files.createDirectories(directory);
        String prefix = FileTime.now() + "-" + HexFormat.of().formatHex(Sha256.of(file), 0, 6);
        String tail = tail(file.getFileName().toString());
        Path target = directory.resolve(prefix + "-" + tail);
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = directory.resolve(prefix + "-" + i + "-" + tail);
        }
        return target;
    }

    /** As much of the end of the name as surely fits, in whole characters. */
    private static String tail(String name) {
        int start = Math.max(0, name.length() - LONGEST_TAIL);
        return name.substring(start > 0 && Character.isLowSurrogate(name.charAt(start)) ? start + 1 : start);
    }

    private static Path path(GenericFile<File> file) {
        return file.getFile().toPath().toAbsolutePath().normalize();
    }
}
