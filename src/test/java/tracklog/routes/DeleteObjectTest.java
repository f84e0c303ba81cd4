package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DeleteObjectTest extends RouteTest {

    DeleteObjectTest() {
        super("delete-object");
    }

    @Test
    void sendsTheRequestOfTheCaller() {
        send("delete-object", exchange -> exchange.getMessage().setBody("request"));
        assertThat(calls()).containsExactly("aws2-s3:deleteObject");
        assertThat(at("aws2-s3:deleteObject").getMessage().getBody()).isEqualTo("request");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("aws2-s3:deleteObject", new IOException("no bucket"));
        assertThat(send("delete-object").getException()).hasMessage("no bucket");
    }
}
