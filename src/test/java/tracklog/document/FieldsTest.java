package tracklog.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    @Test
    void textIsNullWhereItSaysNothing() throws Exception {
        Fields fields = fields("{\"a\": \"\", \"b\": null, \"c\": \"\\u0000\", \"d\": \" x \"}");
        assertThat(fields.text("a")).isNull();
        assertThat(fields.text("b")).isNull();
        assertThat(fields.text("c")).isNull();
        assertThat(fields.text("missing")).isNull();
        assertThat(fields.text("d")).isEqualTo(" x ");
        assertThat(fields.extra()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-06-24T17:43:20Z, 2024-06-24T17:43:20Z",
        "2024-06-24T17:43:20.123Z, 2024-06-24T17:43:20.123Z",
        "2024-06-24 17:43, 2024-06-24T17:43:00Z",
        "2006-01-01T00:00:00Z, 2006-01-01T00:00:00Z",
    })
    void momentsAreUtc(String text, Instant moment) throws Exception {
        assertThat(fields("{\"ts\": \"" + text + "\"}").moment("ts")).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\"", "\"2024\"", "\"2005-12-31T23:59:59Z\"", "\"2100-01-01T00:00:00Z\"", "1", "null", "{}"})
    void whatIsNoMomentRejectsTheLine(String value) {
        assertThatThrownBy(() -> fields("{\"ts\": " + value + "}").moment("ts"))
                .isInstanceOf(InvalidLineException.class)
                .hasMessageStartingWith("ts ");
    }

    @ParameterizedTest
    @CsvSource({"1719251000, 2024-06-24T17:43:20Z", "1719251000123, 2024-06-24T17:43:20.123Z"})
    void anEpochIsInSecondsOrMilliseconds(long number, Instant moment) throws Exception {
        assertThat(fields("{\"at\": " + number + "}").moment("at", any -> true)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "null",
                "-1",
                "-62135596800000000",
                "99999999999999999",
                "18446744073709551616",
                "\"1719251000\"",
                "1.5",
                "1e99"
            })
    void anOddEpochIsNone(String value) throws Exception {
        assertThat(fields("{\"at\": " + value + "}").moment("at", any -> true)).isNull();
    }

    @Test
    void anOddValueGoesToExtraAndAnEmptyOneNowhere() throws Exception {
        Fields fields =
                fields("{\"flag\": \"yes\", \"number\": 101, \"zero\": 0, \"at\": 18446744073709551616, \"new\": [1]}");
        assertThat(fields.flag("flag")).isNull();
        assertThat(fields.number("number", 100)).isNull();
        assertThat(fields.moment("zero", any -> true)).isNull();
        assertThat(fields.moment("at", any -> true)).isNull();
        assertThat(fields.extra())
                .hasToString("{\"flag\":\"yes\",\"number\":101,\"at\":18446744073709551616,\"new\":[1]}");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2147483647, 2147483647", "180000.0, 180000", "1.8e5, 180000", "null, "})
    void millisecondsAreAWholeNumber(String value, Integer milliseconds) throws Exception {
        assertThat(fields("{\"ms\": " + value + "}").milliseconds("ms")).isEqualTo(milliseconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "2147483648", "1.5", "1e99", "1e-99999999999", "\"1\"", "true", "[]"})
    void whatIsNoLengthRejectsTheLine(String value) {
        assertThatThrownBy(() -> fields("{\"ms\": " + value + "}").milliseconds("ms"))
                .isInstanceOf(InvalidLineException.class);
    }

    @Test
    void personalFieldsAreGoneAtAnyDepth() throws Exception {
        Fields fields =
                fields("{\"ip_addr\": 1, \"IP_ADDR_decrypted\": 1, \"username\": 1, \"user_agent_decrypted\": 1,"
                        + " \"new\": {\"ip_address\": 1, \"more\": [{\"user_agent\": 1, \"kept\": 2}]}}");
        assertThat(fields.extra()).hasToString("{\"new\":{\"more\":[{\"kept\":2}]}}");
    }

    @Test
    void whatPostgresRefusesIsRepaired() throws Exception {
        assertThat(Storable.text("a\u0000b")).isEqualTo("ab");
        assertThat(Storable.text("a\uD83Db\uDC00")).isEqualTo("a\uFFFDb\uFFFD");
        assertThat(Storable.text("🚢")).isEqualTo("🚢");
        assertThat(Storable.text("\u0000")).isNull();
        assertThat(Storable.json(json("{\"a\\u0000\": [\"\\ud800\", {\"b\": \"\\u0000\"}]}")))
                .hasToString("{\"a\":[\"\uFFFD\",{\"b\":\"\"}]}");
    }

    @Test
    void anObjectWithinHasFieldsToo() throws Exception {
        Fields fields = fields("{\"o\": {\"x\": \"1\", \"n\": 2, \"f\": true, \"none\": null}, \"odd\": 3}");
        Fields object = fields.object("o");
        assertThat(object.text("x")).isEqualTo("1");
        assertThat(object.number("n", 2)).isEqualTo(2);
        assertThat(object.flag("f")).isTrue();
        assertThat(object.text("none")).isNull();
        assertThat(fields.object("odd").text("x")).isNull();
        assertThat(fields.object("missing").text("x")).isNull();
    }

    @Test
    void aNumberStaysOneIfPostgresWritesItShortly() throws Exception {
        String digits = "1".repeat(41);
        assertThat(Storable.json(json("[1, 0.10, -1.5e10, 1e41, 1e-41, 1e999999999999, " + digits + "]")))
                .hasToString("[1,0.10,-1.5E+10,\"1e41\",\"1e-41\",\"1e999999999999\",\"" + digits + "\"]");
    }

    @Test
    void ofTwoFieldsOfOneNameTheLastCounts() throws Exception {
        Fields fields = fields("{\"a\": \"1\", \"a\": \"2\"}");
        assertThat(fields.text("a")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"x\"", "[]", "null", "true"})
    void onlyAnObjectIsALine(String value) {
        assertThatThrownBy(() -> fields(value))
                .isInstanceOf(InvalidLineException.class)
                .hasMessage("not an object");
    }

    private static Fields fields(String json) throws Exception {
        return new Fields(Storable.json(json(json)));
    }

    private static JsonParser json(String json) throws Exception {
        JsonParser parser = DocumentReader.JSON.createParser(json);
        parser.nextToken();
        return parser;
    }
}
