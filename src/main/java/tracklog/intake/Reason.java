package tracklog.intake;

import java.sql.SQLException;
import org.apache.camel.ExchangeException;
import org.springframework.core.NestedExceptionUtils;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Words why a file could not be imported now. */
public final class Reason {

    private Reason() {}

    /** Returns the message of the database or of AWS if there is one, otherwise of the first cause. */
    public static String of(@ExchangeException Exception reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return "The database: " + cause.getMessage();
            }
            if (cause instanceof S3Exception denied && denied.statusCode() == 403) {
                return "AWS denies it. The role or user of Tracklog needs to list the bucket, to read and delete below"
                        + " history/, and to write below done/, failed/, raw/ and backup/ (" + cause.getMessage() + ")";
            }
            if (cause instanceof SdkException) {
                return cause.getMessage();
            }
        }
        return NestedExceptionUtils.getMostSpecificCause(reason).getMessage();
    }
}
