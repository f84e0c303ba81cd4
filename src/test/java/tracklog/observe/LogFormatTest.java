package tracklog.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The log as log4j2.properties has it: for machines one JSON object a line, whatever is in the message. */
class LogFormatTest {

    private static PatternLayout text;
    private static PatternLayout json;

    @BeforeAll
    static void readPatterns() throws IOException {
        Properties configuration = new Properties();
        try (InputStream in = LogFormatTest.class.getResourceAsStream("/log4j2.properties")) {
            configuration.load(in);
        }
        text = layout(configuration, "property.text");
        json = layout(configuration, "property.json");
    }

    private static PatternLayout layout(Properties configuration, String pattern) {
        return PatternLayout.newBuilder()
                .withPattern(configuration.getProperty(pattern))
                .withAlwaysWriteExceptions(Boolean.parseBoolean(
                        configuration.getProperty("appender.console.layout.alwaysWriteExceptions")))
                .build();
    }

    @Test
    void inTextAnEventIsALineAndAStackTraceFollows() {
        assertThat(text.toSerializable(event("two\nlines", null)).strip())
                .doesNotContain("\n")
                .endsWith("WARN  measure                  two\\nlines");
        assertThat(text.toSerializable(event("failed", new IllegalStateException("why"))))
                .containsOnlyOnce("IllegalStateException: why")
                .contains("\tat tracklog.observe.LogFormatTest");
    }

    @Test
    void keysComeInOneOrderAndAnEventIsALine() throws Exception {
        String line = json.toSerializable(event("two\nlines \"quoted\" \\ \u0007 ö \uD83C\uDFB5 %m ${x}", null));
        assertThat(line.strip()).doesNotContain("\n").startsWith("{\"time\":\"2026-11-22T00:00:00.000Z\",\"level\":");
        JsonNode object = new ObjectMapper().readTree(line);
        assertThat(object.properties())
                .extracting(field -> field.getKey())
                .containsExactly("time", "level", "from", "message");
        assertThat(object.get("message").asText()).isEqualTo("two\nlines \"quoted\" \\ \u0007 ö \uD83C\uDFB5 %m ${x}");
        assertThat(object.get("from").asText()).isEqualTo("routes.measure");
    }

    @Test
    void aStackTraceStaysInItsLine() throws Exception {
        String line = json.toSerializable(event("failed", new IllegalStateException("why")));
        assertThat(line.strip()).doesNotContain("\n");
        assertThat(new ObjectMapper().readTree(line).get("stack_trace").asText())
                .contains("IllegalStateException: why", "LogFormatTest");
    }

    private static LogEvent event(String message, Throwable thrown) {
        return Log4jLogEvent.newBuilder()
                .setLevel(Level.WARN)
                .setLoggerName("routes.measure")
                .setMessage(new SimpleMessage(message))
                .setThrown(thrown)
                .setTimeMillis(1_795_305_600_000L)
                .build();
    }
}
