package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class MoveArchiveToS3Test extends RouteTest {

    MoveArchiveToS3Test() {
        super("move-archive-to-s3");
    }

    private Exchange send() {
        return send(
                "move-archive-to-s3",
                exchange -> exchange.getMessage().setHeader(Exchange.FILE_NAME, "raw/2026/a.json"));
    }

    @Test
    void writesTheResponseUnderItsPath() {
        send();
        assertThat(calls()).containsExactly("bean:objectWriter.write");
        assertThat(at("bean:objectWriter.write").getVariable("key")).isEqualTo("raw/2026/a.json");
    }

    @Test
    void logsAFailureAndLeavesTheFileToTheNextTry() {
        fail("bean:objectWriter.write", new IOException("no bucket"));
        // The consumer deletes the file unless the exchange has failed.
        assertThat(send().getException()).hasMessage("no bucket");
        assertThat(calls().get(1)).startsWith("WARN ").contains("raw/2026/a.json", "no bucket");
    }
}
