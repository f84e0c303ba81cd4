package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class CopyBackupToS3Test extends RouteTest {

    CopyBackupToS3Test() {
        super("copy-backup-to-s3");
    }

    private Exchange send() {
        return send("copy-backup-to-s3", exchange -> exchange.setVariable("backup", Path.of("folder/new.zip")));
    }

    @Test
    void copiesTheBackupUnderItsNameAndDeletesTheOldestOnes() {
        answer("bean:objectRequests.surplus", List.of("old", "older"));
        send();
        assertThat(calls())
                .containsExactly(
                        "bean:objectWriter.write",
                        "direct:list-objects",
                        "bean:objectRequests.surplus",
                        "direct:delete-object",
                        "direct:delete-object");
        assertThat(at("bean:objectWriter.write").getVariable("key")).isEqualTo("backup/new.zip");
        assertThat(at("bean:objectWriter.write").getMessage().getBody()).isEqualTo(new File("folder/new.zip"));
        assertThat(at("direct:list-objects").getVariable("prefix")).isEqualTo("backup/");
        assertThat(at("direct:delete-object").getVariable("object")).isEqualTo("older");
    }

    @Test
    void deletesNoOlderBackupIfTheNewOneDidNotArrive() {
        fail("bean:objectWriter.write", new IOException("no bucket"));
        assertThat(send().getException()).hasMessage("no bucket");
        assertThat(calls()).containsExactly("bean:objectWriter.write");
    }

    @Test
    void stopsAtTheFirstDeletionThatFails() {
        answer("bean:objectRequests.surplus", List.of("old", "older"));
        fail("direct:delete-object", new IOException("no bucket"));
        assertThat(send().getException()).hasRootCauseMessage("no bucket");
        assertThat(calls()).containsOnlyOnce("direct:delete-object");
    }
}
