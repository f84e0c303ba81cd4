package tracklog.aws;

import java.io.File;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tracklog.intake.DroppedFile;

/**
 * Writes objects.
 *
 * <p>This step is not the component's: its upload takes the key as a header or an option only, and evaluates it as a
 * Simple expression, so that a file named <code>a${body}.zip</code> would run code (CVE-2026-95664).
 */
public record ObjectWriter(S3Client s3, String bucket) {

    public void write(@Variable("key") String key, @Body File file) {
        s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromFile(file));
    }

    /** Writes why a file has failed, beside the place to which it is moved. */
    public void writeReason(@Variable("target") String target, @Variable("drop") DroppedFile drop) {
        s3.putObject(
                put -> put.bucket(bucket).key(target + ".reason.txt").contentType("text/plain"),
                RequestBody.fromString(String.join("\n", drop.failures()) + "\n"));
    }
}
