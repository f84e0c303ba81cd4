package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackUpWithoutBucketTest extends RouteTest {

    BackUpWithoutBucketTest() {
        super("back-up");
        set("S3_BUCKET", "");
    }

    @Test
    void copiesNothingToABucketThatIsNotThere() {
        send("make-backup");
        assertThat(calls()).contains("bean:backups.keepLast").doesNotContain("direct:copy-backup-to-s3");
        assertThat(context.getRoute("copy-backup-to-s3")).isNull();
    }
}
