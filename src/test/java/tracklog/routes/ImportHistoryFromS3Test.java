package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Object;
import tracklog.intake.FoundFile;

class ImportHistoryFromS3Test extends RouteTest {

    ImportHistoryFromS3Test() {
        super("import-history-from-s3");
        answer("bean:objectRequests.find", new FoundFile("bucket", "history/a.zip"));
        answer("bean:pauses.isDue", true);
        answer("bean:objectRequests.isCurrent", true);
        answer("bean:objectRequests.target", "done/a.zip");
    }

    private void list(String... keys) {
        List<S3Object> objects = Stream.of(keys)
                .map(key -> S3Object.builder().key(key).eTag("tag of " + key).build())
                .toList();
        answer("direct:list-objects", exchange -> exchange.setVariable("objects", objects));
    }

    private Exchange move(String outcome) {
        return send("move-in-bucket", exchange -> exchange.setVariable("outcome", outcome));
    }

    @Test
    void importsEachObjectThatItFinds() {
        list("history/a.zip", "history/b.zip");
        send("import-history-from-s3");
        assertThat(calls())
                .containsExactly(
                        "direct:list-objects",
                        "bean:objectRequests.find",
                        "bean:pauses.isDue",
                        "direct:import-files",
                        "bean:objectRequests.find",
                        "bean:pauses.isDue",
                        "direct:import-files");
        assertThat(at("direct:list-objects").getVariable("prefix")).isEqualTo("history/");
        assertThat(at("bean:pauses.isDue").getVariable("version")).isEqualTo("tag of history/b.zip");
        assertThat(at("direct:import-files").getVariable("file")).isEqualTo(new FoundFile("bucket", "history/a.zip"));
    }

    @Test
    void importsNoFolder() {
        list("history/");
        send("import-history-from-s3");
        assertThat(calls()).doesNotContain("direct:import-files");
    }

    @Test
    void importsNoObjectThatIsPaused() {
        list("history/a.zip");
        answer("bean:pauses.isDue", false);
        send("import-history-from-s3");
        assertThat(calls()).endsWith("bean:pauses.isDue");
    }

    @Test
    void logsOnceThatTheBucketCannotBeListed() {
        fail("direct:list-objects", new IOException("no bucket"));
        assertThat(send("import-history-from-s3").getException()).isNull();
        send("import-history-from-s3");
        assertThat(calls()).hasSize(3).startsWith("direct:list-objects").endsWith("direct:list-objects");
        assertThat(calls().get(1)).startsWith("WARN ").endsWith("no bucket");
    }

    @Test
    void fetchesAnObjectIntoTheSpool() {
        answer("bean:objectRequests.get", "request");
        answer("aws2-s3:getObject", "content");
        answer("bean:spool.open", "drop");
        assertThat(send("fetch-from-bucket").getMessage().getBody()).isEqualTo("drop");
        assertThat(calls()).containsExactly("bean:objectRequests.get", "aws2-s3:getObject", "bean:spool.open");
        assertThat(at("aws2-s3:getObject").getMessage().getBody()).isEqualTo("request");
        assertThat(at("bean:spool.open").getMessage().getBody()).isEqualTo("content");
    }

    @Test
    void handsToTheCallerThatAnObjectCannotBeFetched() {
        fail("aws2-s3:getObject", new IOException("no bucket"));
        assertThat(send("fetch-from-bucket").getException()).hasMessage("no bucket");
        assertThat(calls()).doesNotContain("bean:spool.open");
    }

    @Test
    void copiesAnObjectAndThenDeletesIt() {
        answer("bean:objectRequests.copy", "copy");
        answer("bean:objectRequests.current", "current");
        assertThat(move("done").getVariable("target")).isEqualTo("done/a.zip");
        assertThat(calls())
                .containsExactly(
                        "bean:objectRequests.target",
                        "bean:objectRequests.copy",
                        "aws2-s3:copyObject",
                        "bean:objectRequests.current",
                        "aws2-s3:listObjects",
                        "bean:objectRequests.isCurrent",
                        "direct:delete-object");
        assertThat(at("aws2-s3:copyObject").getMessage().getBody()).isEqualTo("copy");
        assertThat(at("aws2-s3:listObjects").getMessage().getBody()).isEqualTo("current");
    }

    @Test
    void writesTheReasonOfAFailureBeforeItMovesTheObject() {
        move("failed");
        assertThat(calls())
                .startsWith(
                        "bean:objectRequests.target",
                        "bean:objectWriter.writeReason",
                        "bean:objectRequests.copy",
                        "aws2-s3:copyObject");
    }

    @Test
    void deletesNoObjectThatWasReplacedSinceTheCopy() {
        answer("bean:objectRequests.isCurrent", false);
        move("done");
        assertThat(calls()).endsWith("aws2-s3:listObjects", "bean:objectRequests.isCurrent");
    }

    @Test
    void deletesNoObjectThatWasNotCopied() {
        fail("aws2-s3:copyObject", new IOException("no bucket"));
        assertThat(move("done").getException()).hasMessage("no bucket");
        assertThat(calls()).endsWith("aws2-s3:copyObject");
    }
}
