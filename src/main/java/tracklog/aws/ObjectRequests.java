package tracklog.aws;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import tracklog.intake.FoundFile;
import tracklog.intake.TargetName;
import tracklog.store.FileTime;

/**
 * Builds the requests of the aws2-s3 component.
 *
 * <p>Keys stand in requests only: the component evaluates a key in a header or an option as a Simple expression.
 */
public record ObjectRequests(String bucket, int backups) {

    private static final String HISTORY = "history/";
    private static final Pattern BACKUP = Pattern.compile("backup/tracklog-" + FileTime.PATTERN + "\\.zip");

    public ListObjectsRequest firstPage(@Variable("prefix") String prefix) {
        return ListObjectsRequest.builder().bucket(bucket).prefix(prefix).build();
    }

    /** Adds a page to the objects. Returns the request for the next page, or null after an empty page. */
    public ListObjectsRequest nextPage(
            @Body List<S3Object> page, @Variable("prefix") String prefix, @Variable("objects") List<S3Object> objects) {
        objects.addAll(page);
        return page.isEmpty()
                ? null
                : firstPage(prefix).toBuilder()
                        .marker(page.get(page.size() - 1).key())
                        .build();
    }

    public FoundFile find(@Variable("object") S3Object object) {
        return new FoundFile("bucket", object.key());
    }

    public GetObjectRequest get(@Variable("object") S3Object object) {
        return GetObjectRequest.builder()
                .bucket(bucket)
                .key(object.key())
                .ifMatch(object.eTag())
                .build();
    }

    public String target(@Variable("object") S3Object object, @Variable("outcome") String outcome) {
        return outcome + "/" + TargetName.of(name(object), "");
    }

    public CopyObjectRequest copy(@Variable("object") S3Object object, @Variable("target") String target) {
        return CopyObjectRequest.builder()
                .sourceBucket(bucket)
                .sourceKey(object.key())
                .copySourceIfMatch(object.eTag())
                .destinationBucket(bucket)
                .destinationKey(target)
                .build();
    }

    /** Lists the object alone: of all keys that begin with its key, its key is the first. */
    public ListObjectsRequest current(@Variable("object") S3Object object) {
        return firstPage(object.key()).toBuilder().maxKeys(1).build();
    }

    /** Tells whether the object is still the one that was copied. */
    public boolean isCurrent(@Body List<S3Object> listed, @Variable("object") S3Object object) {
        return listed.stream()
                .anyMatch(other ->
                        other.key().equals(object.key()) && other.eTag().equals(object.eTag()));
    }

    public DeleteObjectRequest delete(@Variable("object") S3Object object) {
        return DeleteObjectRequest.builder().bucket(bucket).key(object.key()).build();
    }

    /** Returns the oldest backups beyond the number to keep. Objects with other names are not backups. */
    public List<S3Object> surplus(@Variable("objects") List<S3Object> objects) {
        return objects.stream()
                .filter(object -> BACKUP.matcher(object.key()).matches())
                .sorted(Comparator.comparing(S3Object::key).reversed())
                .skip(backups)
                .toList();
    }

    static String name(S3Object object) {
        return object.key().substring(HISTORY.length());
    }
}
