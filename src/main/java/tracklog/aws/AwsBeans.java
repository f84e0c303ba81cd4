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
        // Waits a minute before it tries a failing bucket again, however many files wait.
        main.bind("bucketPause", new ThrottlingExceptionRoutePolicy(1, 60_000, 60_000, null));
        main.bind("objectRequests", new ObjectRequests(settings.get("S3_BUCKET"), settings.number("BACKUP_KEEP")));
        main.bind("objectWriter", new ObjectWriter(s3, settings.get("S3_BUCKET")));
        main.bind("spool", new Spool(settings.path("DATA_DIR").resolve("spool")));
    }
}
