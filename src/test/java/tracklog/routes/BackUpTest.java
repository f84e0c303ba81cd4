package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BackUpTest extends RouteTest {

    BackUpTest() {
        super("back-up");
    }

    @Test
    void makesABackupAtEachFiring() {
        send("back-up");
        assertThat(calls()).containsExactly("direct:make-backup");
    }

    @Test
    void logsAFailureAndWaitsForTheNextFiring() {
        fail("direct:make-backup", new IOException("disk full"));
        assertThat(send("back-up").getException()).isNull();
        assertThat(calls())
                .containsExactly(
                        "direct:make-backup",
                        "ERROR The backup failed and is tried again at the next firing;"
                                + " the earlier ones are kept: disk full");
    }

    @Test
    void keepsTheLastBackupsOnlyAfterTheNewOneWasVerified() {
        answer("bean:backups.write", Path.of("new.zip"));
        answer("bean:backups.verify", Path.of("new.zip"));
        send("make-backup");
        assertThat(calls())
                .containsExactly(
                        "bean:backups.write",
                        "bean:backups.verify",
                        "bean:backups.keepLast",
                        "INFO Backed up to new.zip; a trial restore gave the same contents",
                        "direct:copy-backup-to-s3");
    }

    @Test
    void removesNoOlderBackupWhenTheNewOneIsBroken() {
        fail("bean:backups.verify", new IOException("it differs"));
        assertThat(send("make-backup").getException()).hasMessage("it differs");
        assertThat(calls()).containsExactly("bean:backups.write", "bean:backups.verify");
    }
}
