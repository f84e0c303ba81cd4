package tracklog.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import tracklog.document.BrokenDocumentException;
import tracklog.intake.DroppedFile;
import tracklog.store.FileTime;

/**
 * The folder {@code history/} of the bucket: what is to be read there, and where it goes afterwards.
 *
 * <p>An object is brought to the disk before it is read, so that its size does not matter. S3 cannot move: a kill between
 * the copy and the deletion leaves both, and importing it again adds nothing. Nothing is overwritten, and nothing is
 * deleted that has not been copied.
 */
public final class Bucket {

    private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);
    private static final String HISTORY = "history/";
    private static final Pattern BACKUP = Pattern.compile("backup/tracklog-" + FileTime.PATTERN + "\\.zip");
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 7;
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(5);
    private final S3Client s3;
    private final String name;
    private final Path spool;
    private final int backups;
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private Instant nextWarning = Instant.MIN;

    /** Until when an object is left alone, and how often that was said. */
    private record Pause(Instant until, int tries) {}

    /**
     * @param spool a folder of this program alone; what a kill left there is deleted
     * @param backups so many are kept
     */
    public Bucket(S3Client s3, String name, Path spool, int backups) throws IOException {
        this.s3 = s3;
        this.name = name;
        this.spool = spool;
        this.backups = backups;
        Files.createDirectories(spool);
        try (Stream<Path> left = Files.list(spool)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
    }

    /** What is to be read now, page by page; without what was left alone since it last changed. */
    public Iterator<S3Object> list() {
        return s3.listObjectsV2Paginator(list -> list.bucket(name).prefix(HISTORY)).contents().stream()
                .filter(object -> !object.key().endsWith("/"))
                .filter(object -> {
                    Pause pause = pauses.get(version(object));
                    return pause == null || Instant.now().isAfter(pause.until);
                })
                .iterator();
    }

    /** The bucket cannot be looked into: says so, but not at every look. */
    public void missed(@ExchangeException Exception reason) {
        if (Instant.now().isAfter(nextWarning)) {
            nextWarning = Instant.now().plus(BETWEEN_WARNINGS);
            LOG.warn("The bucket {} (S3_BUCKET) cannot be looked into and is tried again: {}", name, message(reason));
        }
    }

    /** Brings an object to the disk and opens it. */
    public DroppedFile fetch(@Body S3Object object) throws IOException {
        long free = Files.getFileStore(spool).getUsableSpace();
        if (object.size() > free) {
            throw new IOException(
                    "The disk of DATA_DIR has %d MB free and it has %d MB".formatted(free >> 20, object.size() >> 20));
        }
        Path file = spool.resolve(UUID.randomUUID().toString());
        try {
            s3.getObject(get -> get.bucket(name).key(object.key()).ifMatch(object.eTag()), file);
            return DroppedFile.open(file, object.key().substring(HISTORY.length()));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Moves what has been imported to {@code done/}, what is broken to {@code failed/}; leaves what holds no history. */
    public void settle(@Variable("drop") DroppedFile drop, @Variable("object") S3Object object) throws IOException {
        drop.discard();
        if (!drop.failures().isEmpty()) {
            move(object, "failed/", drop.failures());
        } else if (drop.importedCount() == 0) {
            leave(object, "it holds no listening history");
        } else {
            move(object, "done/", List.of());
        }
    }

    /** An object that could not even be opened. */
    public void fail(@Variable("object") S3Object object, @ExchangeException BrokenDocumentException reason)
            throws IOException {
        try {
            move(object, "failed/", List.of(reason.getMessage()));
        } catch (SdkException e) {
            postpone(null, object, e);
        }
    }

    /** Not its fault, a database, network or disk that fails: it stays and is tried again, ever more rarely. */
    public void postpone(
            @Variable("drop") DroppedFile drop,
            @Variable("object") S3Object object,
            @ExchangeException Exception reason)
            throws IOException {
        if (drop != null) {
            drop.discard();
        }
        int tries = pauses.getOrDefault(version(object), new Pause(Instant.MIN, 0)).tries;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
        pauses.put(version(object), new Pause(Instant.now().plus(pause), tries + 1));
        if (reason instanceof S3Exception e && (e.statusCode() == 404 || e.statusCode() == 412)) {
            LOG.info("{} was taken away or replaced while it was read", object.key());
        } else {
            LOG.warn(
                    "{} stays in the bucket and is tried again in {} s: {}",
                    object.key(),
                    pause.toSeconds(),
                    message(reason));
        }
    }

    /** Deletes the oldest backups that are more than the wanted number. Objects of other names are never touched. */
    public void keepLast() {
        s3.listObjectsV2Paginator(list -> list.bucket(name).prefix("backup/")).contents().stream()
                .map(S3Object::key)
                .filter(key -> BACKUP.matcher(key).matches())
                .sorted(Comparator.reverseOrder())
                .skip(backups)
                .forEach(key -> s3.deleteObject(delete -> delete.bucket(name).key(key)));
    }

    /** Until it changes, or the program starts anew. */
    private void leave(S3Object object, String reason) {
        pauses.put(version(object), new Pause(Instant.MAX, 0));
        LOG.info("{} was left where it is: {}", object.key(), reason);
    }

    private void move(S3Object object, String to, List<String> reasons) {
        String path = object.key().substring(HISTORY.length());
        int file = path.lastIndexOf('/') + 1;
        String target = to + path.substring(0, file) + FileTime.now() + "-" + path.substring(file);
        if (!reasons.isEmpty()) {
            s3.putObject(
                    put -> put.bucket(name).key(target + ".reason.txt").contentType("text/plain"),
                    RequestBody.fromString(String.join("\n", reasons) + "\n"));
        }
        s3.copyObject(copy -> copy.sourceBucket(name)
                .sourceKey(object.key())
                .copySourceIfMatch(object.eTag())
                .destinationBucket(name)
                .destinationKey(target));
        // Replaced since the copy: what is there now has yet to be read.
        String etag = s3.headObject(head -> head.bucket(name).key(object.key())).eTag();
        if (etag.equals(object.eTag())) {
            s3.deleteObject(delete -> delete.bucket(name).key(object.key()));
        }
        pauses.remove(version(object));
        if (reasons.isEmpty()) {
            LOG.info("{} is done and now at {}", object.key(), target);
        } else {
            LOG.warn(
                    "{} could not be imported and is now at {}: {}{}",
                    object.key(),
                    target,
                    reasons.get(0),
                    reasons.size() > 1 ? " (and " + (reasons.size() - 1) + " more, see its .reason.txt)" : "");
        }
    }

    private static String version(S3Object object) {
        return object.eTag() + " " + object.key();
    }

    private static String message(Exception reason) {
        if (reason instanceof S3Exception e && e.statusCode() == 403) {
            return "AWS denies it. The role or user of Tracklog needs to list the bucket, to read and delete below"
                    + " history/, and to write below done/, failed/, raw/ and backup/ (" + reason.getMessage() + ")";
        }
        return reason instanceof SdkException
                ? reason.getMessage()
                : NestedExceptionUtils.getMostSpecificCause(reason).getMessage();
    }
}
