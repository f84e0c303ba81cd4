package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DeleteObjectTest extends RouteTest {

    DeleteObjectTest() {
        super("delete-object");
    }

    @Test
    void deletesTheObjectOfTheCaller() {
        answer("bean:objectRequests.delete", "request");
        send("delete-object", exchange -> exchange.setVariable("object", "old"));
        assertThat(calls()).containsExactly("bean:objectRequests.delete", "aws2-s3:deleteObject");
        assertThat(at("bean:objectRequests.delete").getVariable("object")).isEqualTo("old");
        assertThat(at("aws2-s3:deleteObject").getMessage().getBody()).isEqualTo("request");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("aws2-s3:deleteObject", new IOException("no bucket"));
        assertThat(send("delete-object").getException()).hasMessage("no bucket");
    }
}
