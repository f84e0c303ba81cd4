package tracklog.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    @ValueSource(strings = {"", " ", "[", "[{", "{\"items\": [", "[1, 2"})
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
