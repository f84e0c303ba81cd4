package tracklog.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializerBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** JSON answers; days and moments are ISO 8601, the moments UTC. */
final class HttpResponses {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
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

    static byte[] problem(int status, String detail) {
        String title =
                switch (status) {
                    case 400 -> "The request is wrong";
                    case 401 -> "The password is needed";
                    case 403 -> "Not allowed";
                    case 404 -> "Not found";
                    case 409 -> "There is one already";
                    case 413 -> "Too large";
                    case 429 -> "Too many attempts";
                    default -> "Something failed";
                };
        return of(new Problem(title, status, detail));
    }

    static void answer(Exchange exchange, int status, String contentType, byte[] body) {
        Message request = exchange.getIn();
        String encodings = request.getHeader("Accept-Encoding", "", String.class);
        exchange.setMessage(new org.apache.camel.support.DefaultMessage(exchange));
        Message answer = exchange.getMessage();
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        answer.setHeader(Exchange.CONTENT_TYPE, contentType);
        answer.setHeader("Cache-Control", "private, no-cache");
        answer.setHeader("Vary", "Accept, Accept-Encoding");
        if (body.length > WORTH_COMPRESSING && encodings.contains("gzip")) {
            answer.setHeader("Content-Encoding", "gzip");
            answer.setBody(gzip(body));
        } else {
            answer.setBody(body);
        }
    }

    /** Whether the asker has the answer of that tag. */
    static boolean isKnown(Exchange exchange, String tag) {
        String known = exchange.getIn().getHeader("If-None-Match", "", String.class);
        return List.of(known.split(",\\s*")).contains(tag);
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** @throws ProblemException unless the body is a JSON object that has no fields but these, each a text or missing */
    static Map<String, Object> texts(Exchange exchange, List<String> fields) throws ProblemException {
        Map<String, Object> texts = new LinkedHashMap<>();
        fields.forEach(field -> texts.put(field, null));
        JsonNode body;
        try {
            byte[] bytes = exchange.getIn().getBody(byte[].class);
            body = MAPPER.readTree(bytes == null ? new byte[0] : bytes);
        } catch (IOException e) {
            body = null;
        }
        if (body == null || !body.isObject()) {
            throw new ProblemException(400, "The body must be a JSON object.");
        }
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!fields.contains(field.getKey()) || !field.getValue().isTextual()) {
                throw new ProblemException(400, "The body may hold only the texts " + String.join(", ", fields) + ".");
            }
            texts.put(field.getKey(), field.getValue().textValue());
        }
        return texts;
    }

    /** A moment in ISO 8601, UTC; a day as such. */
    static Object iso(Object value) {
        if (value instanceof Timestamp moment) {
            return moment.toInstant().toString();
        }
        return value instanceof java.sql.Date day ? day.toLocalDate().toString() : value;
    }
}
