package tracklog.aws;

import java.io.IOException;
import org.apache.camel.main.Main;
import org.apache.camel.throttling.ThrottlingExceptionRoutePolicy;
import software.amazon.awssdk.services.s3.S3Client;
import tracklog.Settings;

/** Binds the bucket, where {@code S3_BUCKET} names one. */
public final class AwsBeans {

    private AwsBeans() {}

    public static void bind(Main main, Settings settings) throws IOException {
        if (settings.get("S3_BUCKET").isEmpty()) {
            return;
        }
        S3Client s3 = Aws.s3(settings);
        main.bind("s3", s3);
        // A failing bucket is asked again after a minute, and not for each file that waits.
        main.bind("bucketPause", new ThrottlingExceptionRoutePolicy(1, 60_000, 60_000, null));
        main.bind(
                "bucket",
                new Bucket(
                        s3,
                        settings.get("S3_BUCKET"),
                        settings.path("DATA_DIR").resolve("spool"),
                        settings.number("BACKUP_KEEP")));
    }
}
