package tracklog.document;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {

    private final List<ObjectNode> staged = new ArrayList<>();

    @Test
    void linesAreHandedOnInOrderWithTheirPositions() throws Exception {
        DocumentReader reader = read(Lines.array(0, 3), true);
        assertThat(reader.lines()).isEqualTo(3);
        assertThat(reader.bytes()).isEqualTo(Lines.array(0, 3).length());
        assertThat(reader.format()).contains(Format.EXTENDED_HISTORY);
        assertThat(staged).extracting(line -> line.get("position").longValue()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void linesBeforeTheFirstThatTellsTheFormatAreNotLost() throws Exception {
        read("[1, {}, " + Lines.line(0) + "]", true);
        assertThat(staged).extracting(line -> line.has("rejected_because")).containsExactly(true, true, false);
    }

    @Test
    void itemsOfAResponseAreItsLines() throws Exception {
        read(
                "{\"a\": [1], \"items\": [{\"played_at\": \"2024-01-01T00:00:00Z\","
                        + " \"track\": {\"name\": \"A\"}}], \"b\": {}}",
                true);
        assertThat(staged)
                .singleElement()
                .satisfies(line -> assertThat(line.get("source").textValue()).isEqualTo("recently_played"));
    }

    @Test
    void aLineThatIsTooLargeIsRejectedAndTheOthersAreRead() throws Exception {
        String endless = "{\"ts\": \"" + "\\\"".repeat(1 << 20) + "\"}";
        String wide = "{\"ts\": [" + "{},".repeat(10_000) + "{}]}";
        String deep = "[".repeat(101) + "]".repeat(101);
        String digits = "{\"x\": {\"ts\": " + "1".repeat(1_001) + "}}";
        String name = "{\"" + "x".repeat(1_001) + "\": 1}";
        read(
                String.join(",", "[" + endless, Lines.line(0), endless, wide, deep, digits, name, Lines.line(1)) + "]",
                true);
        assertThat(staged)
                .extracting(line -> line.path("rejected_because").asText())
                .containsExactly(
                        "it has more than 524288 bytes",
                        "",
                        "it has more than 524288 bytes",
                        "it has more than 10000 values",
                        "it is nested more than 100 deep",
                        "a number or a name in it is too long",
                        "a number or a name in it is too long",
                        "");
    }

    @Test
    void aLineOfAnotherSourceIsRejected() throws Exception {
        String line = "{\"tracklog\": \"play\", \"source\": %s, \"played_at\": \"2024-01-01T00:00:00Z\","
                + " \"kind\": \"track\", \"name\": \"A\"}";
        DocumentReader reader = read(
                "[" + line.formatted("7") + "," + line.formatted("\"account_data\"") + ","
                        + line.formatted("\"export\"") + "]",
                true);
        assertThat(staged)
                .extracting(row -> row.path("rejected_because").asText())
                .containsExactly(
                        "source is none that Tracklog knows", "", "its source is not that of the lines before");
        assertThat(reader.source()).isEqualTo("account_data");
    }

    @Test
    void aListenerThatIsTooLargeIsAFault() {
        assertThatThrownBy(
                        () -> read("{\"listener\": {\"a\": [" + "{},".repeat(4_000_000) + "{}]}, \"items\": []}", true))
                .isInstanceOf(BrokenDocumentException.class)
                .hasMessage("Its listener is none: it has more than 524288 bytes.");
    }

    @Test
    void linesAreFoundWhateverTheirTextAndHowEverItArrives() throws Exception {
        String text = "\uFEFF [\n" + Lines.line(0).replace("Song", "\\\\\\\"]},{[ \\u00e9 ö 🚢") + "\n,\r\n\t"
                + Lines.line(1) + " ]\n ";
        for (Charset charset :
                List.of(UTF_8, UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE"))) {
            staged.clear();
            byte[] bytes = text.getBytes(charset);
            new DocumentReader(true, staged::add).read(new ByteArrayInputStream(bytes) {
                @Override
                public int read(byte[] buffer, int offset, int length) {
                    return super.read(buffer, offset, Math.min(1, length));
                }
            });
            assertThat(staged)
                    .extracting(line -> line.get("name").textValue())
                    .containsExactly("\\\"]},{[ é ö 🚢 0", "Song 1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1 2] | text line 1, column 4",
                "[1, ] | text line 1, column 5",
                "[{},~{\"a\":~ oops}] | text line 3, column 4",
                "[{}]~ x | There is more text after its end (text line 2, column 2)",
                "{\"items\" 1} | text line 1, column 10",
                "{\"a\": oops, \"items\": []} | text line 1, column 9",
                "[{\"a\": 1]] | text line 1, column 9",
            })
    void aFaultIsNamedWithItsPlace(String document, String place) {
        assertThatThrownBy(() -> read(document.replace('~', '\n'), true))
                .isInstanceOf(BrokenDocumentException.class)
                .hasMessageContaining(place)
                .hasMessageNotContaining("oo");
    }

    @Test
    void anEmptyListHasNoFormat() throws Exception {
        assertThat(read("[]", true).format()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "{}", "{\"playlists\": [1]}", "[1, 2]", "[[], {}]"})
    void jsonWithoutPlaysIsNoHistoryWhateverItsName(String document) {
        assertThatThrownBy(() -> read(document, true)).isInstanceOf(NoHistoryException.class);
    }

    @Test
    void aThousandOtherLinesAreEnoughToTell() {
        assertThatThrownBy(() -> read("[" + "1,".repeat(1_000) + Lines.line(0) + "]", true))
                .isInstanceOf(NoHistoryException.class)
                .hasMessageContaining("first 1000 lines");
    }

    @Test
    void whatIsNoJsonIsAFaultOnlyWhereTheNamePromisesIt() {
        assertThatThrownBy(() -> read("%PDF", false)).isInstanceOf(NoHistoryException.class);
        assertThatThrownBy(() -> read("%PDF", true)).isInstanceOf(BrokenDocumentException.class);
    }

    @Test
    void aFaultAfterTheFirstPlayIsOneWhateverTheName() {
        assertThatThrownBy(() -> read("[" + Lines.line(0) + ", oops]", false))
                .isInstanceOf(BrokenDocumentException.class)
                .hasMessageStartingWith("It is not valid JSON (text line 1, column ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[", "[{", "{\"items\": [", "[1, 2", "[1]\0\0", "[1,\0", "[\"\0"})
    void whatLacksItsEndMayStillBeBeingCopied(String document) {
        assertThatThrownBy(() -> read(document, false))
                .isInstanceOfSatisfying(
                        BrokenDocumentException.class,
                        e -> assertThat(e.endsEarly()).isTrue());
    }

    @Test
    void aFailingSinkIsNotTheDocumentsFault() {
        assertThatThrownBy(() -> new DocumentReader(true, line -> {
                            throw new IOException("disk full");
                        })
                        .read(new ByteArrayInputStream(Lines.array(0, 1).getBytes(UTF_8))))
                .isExactlyInstanceOf(IOException.class);
    }

    private DocumentReader read(String document, boolean promisesJson) throws Exception {
        DocumentReader reader = new DocumentReader(promisesJson, staged::add);
        reader.read(new ByteArrayInputStream(document.getBytes(UTF_8)));
        return reader;
    }
}
