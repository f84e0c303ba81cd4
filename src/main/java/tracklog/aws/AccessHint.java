package tracklog.aws;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Adds to a denial what the role or user needs. */
final class AccessHint implements ExecutionInterceptor {

    private static final String HINT =
            "AWS denies it. The role or user of Tracklog needs to list the bucket, to read and"
                    + " delete below history/, and to write below done/, failed/, raw/ and backup/: ";

    @Override
    public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
        if (!(context.exception() instanceof S3Exception denied)
                || denied.statusCode() != 403
                || denied.awsErrorDetails() == null) {
            return context.exception();
        }
        return denied.toBuilder()
                .awsErrorDetails(denied.awsErrorDetails().toBuilder()
                        .errorMessage(HINT + denied.awsErrorDetails().errorMessage())
                        .build())
                .build();
    }
}
