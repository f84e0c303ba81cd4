package tracklog.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileExclusiveReadLockStrategy;
import org.apache.camel.component.file.GenericFileOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watched folder: when a file is ready to be read, and where it goes afterwards.
 *
 * <p>A file is ready once two scans agree on its size and times; all files of a scan are looked at together, so that
 * ten thousand wait no longer than one. Nothing is ever overwritten, altered or deleted.
 */
public final class Inbox implements GenericFileExclusiveReadLockStrategy<File> {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(10);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final Map<Path, Look> looks = new ConcurrentHashMap<>();

    /** What a look at a file saw, and from when on it may be read. */
    private record Look(Map<String, Object> seen, Instant notBefore) {

        Look(Path file) throws IOException {
            this(
                    Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS),
                    Instant.MIN);
        }
    }

    public Inbox(Path folder) throws IOException {
        Files.createDirectories(folder);
        this.folder = folder.toRealPath();
    }

    @Override
    public boolean acquireExclusiveReadLock(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) throws IOException {
        Path path = path(file);
        Look now = new Look(path);
        Look before = looks.put(path, now);
        if (before == null || !before.seen.equals(now.seen)) {
            return false;
        }
        looks.put(path, before);
        return Instant.now().isAfter(before.notBefore);
    }

    /** Opens what was dropped. */
    public Drop open(GenericFile<File> file) throws IOException, BrokenDocumentException {
        return Drop.open(folder, path(file));
    }

    /** Moves what has been imported to {@code .done}, what is broken to {@code .failed}; leaves what holds no history. */
    public void settle(@Variable("drop") Drop drop) throws IOException {
        if (!drop.failures().isEmpty()) {
            fail(drop.file(), drop.failures());
        } else if (drop.importedCount() == 0) {
            leave(drop.file(), "it holds no listening history");
        } else if (unchanged(drop.file())) {
            Path target = move(drop.file(), ".done");
            LOG.info("{} is done and now at {}", drop.name(), folder.relativize(target));
        }
    }

    /** Notes that one document of the drop is broken, and returns why. */
    public String broken(
            @Variable("drop") Drop drop,
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
        fail(path(file), List.of(reason.getMessage()));
    }

    private void fail(Path file, List<String> reasons) throws IOException {
        if (!unchanged(file)) {
            return;
        }
        Path target = target(file, ".failed");
        Files.writeString(
                target.resolveSibling(target.getFileName() + ".reason.txt"), String.join("\n", reasons) + "\n", UTF_8);
        Files.move(file, target);
        looks.remove(file);
        LOG.warn(
                "{} could not be imported and is now at {}: {}",
                folder.relativize(file),
                folder.relativize(target),
                reasons.get(0));
    }

    /** Not the file's fault, a database or disk that fails: it stays and is tried again. */
    public void postpone(GenericFile<File> file, @ExchangeException Exception reason) throws IOException {
        Path path = path(file);
        if (reason instanceof AccessDeniedException) {
            leave(path, "it cannot be read or moved; give the user that Tracklog runs as the right to");
            return;
        }
        looks.put(path, new Look(new Look(path).seen, Instant.now().plus(BEFORE_NEXT_TRY)));
        LOG.warn(
                "{} stays in the inbox and is tried again in {} s: {}",
                folder.relativize(path),
                BEFORE_NEXT_TRY.toSeconds(),
                reason.getMessage());
    }

    private void leave(Path file, String reason) throws IOException {
        looks.put(file, new Look(new Look(file).seen, Instant.MAX));
        LOG.info("{} was left where it is: {}", folder.relativize(file), reason);
    }

    /** A file that has changed since it was found ready is looked at again from the start. */
    private boolean unchanged(Path file) throws IOException {
        Look look = looks.get(file);
        if (look != null && look.seen.equals(new Look(file).seen)) {
            return true;
        }
        LOG.info("{} changed while it was read and is read again", folder.relativize(file));
        return false;
    }

    private Path move(Path file, String to) throws IOException {
        Path target = Files.move(file, target(file, to));
        looks.remove(file);
        return target;
    }

    private Path target(Path file, String to) throws IOException {
        Path directory = folder.resolve(to).resolve(folder.relativize(file.getParent()));
        Files.createDirectories(directory);
        String name = file.getFileName().toString();
        String tail = name.substring(Math.max(0, name.length() - 60));
        String prefix = TIME.format(Instant.now()) + "-" + Hash.of(file).substring(0, 12);
        Path target = directory.resolve(prefix + "-" + tail);
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = directory.resolve(prefix + "-" + i + "-" + tail);
        }
        return target;
    }

    private Path path(GenericFile<File> file) {
        return file.getFile().toPath().toAbsolutePath().normalize();
    }

    // Nothing to release: a look holds nothing.

    @Override
    public void prepareOnStartup(GenericFileOperations<File> operations, GenericFileEndpoint<File> endpoint) {}

    @Override
    public void releaseExclusiveReadLockOnAbort(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {}

    @Override
    public void releaseExclusiveReadLockOnRollback(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {}

    @Override
    public void releaseExclusiveReadLockOnCommit(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {}

    @Override
    public void setTimeout(long timeout) {}

    @Override
    public void setCheckInterval(long checkInterval) {}

    @Override
    public void setReadLockLoggingLevel(LoggingLevel level) {}

    @Override
    public void setMarkerFiler(boolean markerFile) {}

    @Override
    public void setDeleteOrphanLockFiles(boolean deleteOrphanLockFiles) {}
}
