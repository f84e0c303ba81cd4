package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListObjectsTest extends RouteTest {

    ListObjectsTest() {
        super("list-objects");
        answer("bean:objectRequests.firstPage", "first page");
    }

    @Test
    void requestsPagesUntilThereIsNone() {
        Iterator<String> requests = List.of("second page", "").iterator();
        answer("bean:objectRequests.nextPage", exchange -> {
            String request = requests.next();
            exchange.getMessage().setBody(request.isEmpty() ? null : request);
        });
        assertThat(send("list-objects").getVariable("objects")).isEqualTo(List.of());
        assertThat(calls())
                .containsExactly(
                        "bean:objectRequests.firstPage",
                        "aws2-s3:listObjects",
                        "bean:objectRequests.nextPage",
                        "aws2-s3:listObjects",
                        "bean:objectRequests.nextPage");
        assertThat(at("aws2-s3:listObjects").getMessage().getBody()).isEqualTo("second page");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("aws2-s3:listObjects", new IOException("no bucket"));
        assertThat(send("list-objects").getException()).hasMessage("no bucket");
        assertThat(calls()).containsExactly("bean:objectRequests.firstPage", "aws2-s3:listObjects");
    }
}
