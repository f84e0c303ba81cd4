package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Route;
import org.junit.jupiter.api.Test;

class WithoutBucketTest extends RouteTest {

    WithoutBucketTest() {
        super(
                "back-up",
                "copy-backup-to-s3",
                "delete-object",
                "import-history-from-s3",
                "list-objects",
                "move-archive-to-s3");
        set("S3_BUCKET", "");
    }

    @Test
    void copiesNoBackupToTheBucket() {
        send("make-backup");
        assertThat(calls()).contains("bean:backups.keepLast").doesNotContain("direct:copy-backup-to-s3");
    }

    @Test
    void loadsNoRouteOfTheBucket() {
        assertThat(context.getRoutes()).extracting(Route::getRouteId).containsOnly("back-up", "make-backup");
    }
}
