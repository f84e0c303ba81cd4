package tracklog.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializerBase;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.GZIPHelper;

/** Responses of the API. JSON holds days and times in ISO 8601, the times in UTC. */
final class HttpResponses {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .addModule(new SimpleModule().addSerializer(Timestamp.class, new ToStringSerializerBase(Timestamp.class) {
                @Override
                public String valueToString(Object moment) {
                    return (String) iso(moment);
                }
            }))
            .build();

    private static final int WORTH_COMPRESSING = 1_000;

    private record Problem(String title, int status, String detail) {}

    private HttpResponses() {}

    static byte[] of(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a problem as RFC 9457 has it: without a type, the title is the phrase of the status. */
    static byte[] problem(int status, String detail) {
        return of(new Problem(HttpResponseStatus.valueOf(status).reasonPhrase(), status, detail));
    }

    static void respond(Exchange exchange, int status, String contentType, byte[] body) {
        Message request = exchange.getIn();
        String encodings = request.getHeader("Accept-Encoding", "", String.class);
        exchange.setMessage(new DefaultMessage(exchange));
        Message response = exchange.getMessage();
        response.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        response.setHeader(Exchange.CONTENT_TYPE, contentType);
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Vary", "Accept, Accept-Encoding");
        if (body.length > WORTH_COMPRESSING && encodings.contains("gzip")) {
            response.setHeader("Content-Encoding", "gzip");
            response.setBody(gzip(body));
        } else {
            response.setBody(body);
        }
    }

    /** Tells whether the client has the response with that ETag. */
    static boolean isKnown(Exchange exchange, String tag) {
        String known = exchange.getIn().getHeader("If-None-Match", "", String.class);
        return List.of(known.split(",\\s*")).contains(tag);
    }

    static byte[] gzip(byte[] bytes) {
        try {
            return GZIPHelper.compressGZIP(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a time or a day in ISO 8601, anything else as it is. */
    static Object iso(Object value) {
        if (value instanceof Timestamp moment) {
            return moment.toInstant().toString();
        }
        return value instanceof java.sql.Date day ? day.toLocalDate().toString() : value;
    }
}
