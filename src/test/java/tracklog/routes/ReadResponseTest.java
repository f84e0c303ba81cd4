package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class ReadResponseTest extends RouteTest {

    ReadResponseTest() {
        super("read-response");
    }

    private Exchange sendBody(String body) {
        return send("read-response", exchange -> {
            exchange.getMessage().setHeader("Authorization", "Bearer abc");
            exchange.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, 2);
            exchange.getMessage().setBody(body);
        });
    }

    @Test
    void readsJsonAndRemovesTheCredentials() {
        Exchange result = sendBody("{\"id\": \"anna\"}");
        assertThat(result.getMessage().getBody())
                .isEqualTo(JsonNodeFactory.instance.objectNode().put("id", "anna"));
        assertThat(result.getMessage().getHeaders()).containsOnlyKeys(Exchange.REDELIVERY_COUNTER);
    }

    @Test
    void handsABrokenResponseToTheCallerWithoutTheCredentials() {
        Exchange result = sendBody("{\"id\": ");
        assertThat(result.getException()).isInstanceOf(JsonProcessingException.class);
        assertThat(result.getMessage().getHeader("Authorization")).isNull();
    }
}
