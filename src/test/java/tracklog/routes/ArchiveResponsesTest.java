package tracklog.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

class ArchiveResponsesTest extends RouteTest {

    ArchiveResponsesTest() {
        super("archive-responses");
    }

    private Exchange sendResponse() {
        answer("sql:name-of-listener", "Anna");
        return send("archive-responses", exchange -> {
            exchange.setVariable("poll_id", 5);
            exchange.setVariable("response", "{}".getBytes(UTF_8));
        });
    }

    @Test
    void writesTheResponseGzippedToTheFolderOfTheListener() throws IOException {
        sendResponse();
        assertThat(calls()).containsExactly("sql:name-of-listener", "file:data/archive");
        Message written = at("file:data/archive").getMessage();
        assertThat(written.getHeader(Exchange.FILE_NAME, String.class))
                .matches("raw/recently-played/Anna/\\d{4}/\\d\\d/\\d\\d/\\d{6}-5\\.json\\.gz");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(written.getBody(byte[].class))))
                .hasContent("{}");
    }

    @Test
    void logsAFailureAndGoesOn() {
        fail("file:data/archive", new IOException("disk full"));
        assertThat(sendResponse().getException()).isNull();
        assertThat(calls())
                .endsWith("WARN The response of poll 5 could not be archived below data/archive; its plays are stored."
                        + " Make room there, or give Tracklog the right to write: disk full");
    }
}
