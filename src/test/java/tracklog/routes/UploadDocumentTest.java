package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.util.Collections;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class UploadDocumentTest extends RouteTest {

    public record Accepted(Integer listener) {}

    public record Upload(String document, long bytes) {}

    UploadDocumentTest() {
        super("upload-document", "page-failures");
        answer("bean:uploads.accept", new Accepted(null));
        answer("bean:uploads.receive", new Upload("a.zip", 5));
    }

    private Exchange send() {
        Exchange sent = send("upload-document", exchange -> {
            exchange.getMessage().setHeader(Exchange.HTTP_URI, "/uploads");
            exchange.getMessage().setHeader("name", "a.zip");
        });
        assertThat(sent.getException()).isNull();
        return sent;
    }

    @Test
    void receivesAFileOfTheFirstListener() {
        send();
        assertThat(calls())
                .containsExactly(
                        "bean:uploads.accept",
                        "bean:uploads.receive",
                        "INFO a.zip was uploaded: 5 bytes",
                        "bean:uploads.respond");
        assertThat(at("bean:uploads.receive").getVariable("accepted")).isEqualTo(new Accepted(null));
        assertThat(at("bean:uploads.respond").getVariable("upload")).isEqualTo(new Upload("a.zip", 5));
        assertThat(at("bean:uploads.respond").getMessage().getHeaders()).containsOnlyKeys(Exchange.HTTP_URI);
    }

    @Test
    void asksForTheNameOfAnotherListener() {
        answer("bean:uploads.accept", new Accepted(2));
        answer("sql:name-of-listener", "berta");
        send();
        assertThat(calls()).startsWith("bean:uploads.accept", "sql:name-of-listener", "bean:uploads.receive");
        assertThat(at("bean:uploads.receive").getVariable("listenerName")).isEqualTo("berta");
    }

    @Test
    void refusesARequestThatIsWrong() {
        answer("bean:uploads.accept", PageFailuresTest::refuse);
        send();
        assertThat(calls()).containsExactly("bean:uploads.accept", "bean:problems.refuse");
    }

    @Test
    void answersThatTheFileStoppedArriving() {
        fail("bean:uploads.receive", new EOFException("after 3 bytes"));
        send();
        assertThat(calls())
                .containsExactly(
                        "bean:uploads.accept",
                        "bean:uploads.receive",
                        "INFO An upload stopped before its end: after 3 bytes",
                        "bean:problems.timeOut");
    }

    @Test
    void receivesEightFilesAtOnceAndRefusesTheNinth() {
        answer("bean:uploads.receive", exchange -> {
            send();
            exchange.getMessage().setBody(new Upload("a.zip", 5));
        });
        send();
        assertThat(Collections.frequency(calls(), "bean:uploads.receive")).isEqualTo(8);
        assertThat(Collections.frequency(calls(), "bean:problems.busy")).isEqualTo(1);
        assertThat(Collections.frequency(calls(), "bean:uploads.respond")).isEqualTo(8);
    }

    @Test
    void answersThatTheRequestFailed() {
        fail("bean:uploads.receive", new IOException("disk full"));
        send();
        assertThat(calls()).hasSize(4).endsWith("bean:problems.fail");
        assertThat(calls().get(2)).startsWith("ERROR /uploads failed: ").contains("disk full");
    }
}
