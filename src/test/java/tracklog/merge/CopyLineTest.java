package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class CopyLineTest {

    /** What stands after the number of a spelling that is known, then after that of such circumstances. */
    private static final String KNOWN_SPELLING = "\t\\N".repeat(10);

    private static final String KNOWN_CIRCUMSTANCE = "\t\\N".repeat(8);

    private final Dictionary dictionary = new Dictionary();

    @Test
    void whatIsMissingIsNull() {
        assertThat(appended(track().putNull("name")))
                .matches("7\t1(\t\\\\N)+\t1\ttrack(\t\\\\N)+\n")
                .hasLineCount(1);
    }

    @Test
    void eachTypeIsWrittenAsPostgresReadsIt() {
        ObjectNode columns = track();
        columns.put("position", 3L).put("ms_played", 12).put("shuffle", true).put("name", "Växel 🚢");
        columns.putObject("extra").put("a", "b");
        assertThat(appended(columns).replace("\t\\N", ""))
                .isEqualTo("7\t1\t3\t12\t{\"a\":\"b\"}\t1\ttrack\tVäxel 🚢\t2\ttrue\n");
    }

    @Test
    void whatEndsAFieldOrALineIsEscaped() {
        ObjectNode columns = track().put("reason_end", "a\tb\nc\rd\\.e\\N");
        assertThat(appended(columns)).contains("\ta\\tb\\nc\\rd\\\\.e\\\\N\t").hasLineCount(1);
    }

    @Test
    void aTrackIsSpeltOutOnceForEachWayOfSpellingIt() {
        assertThat(appended(track().put("name", "One"))).contains("\t1\ttrack\t\\N\tOne\t");
        assertThat(appended(track().put("name", "Two"))).contains("\t2\ttrack\t\\N\tTwo\t");
        assertThat(appended(track().put("name", "One"))).contains("\t1" + KNOWN_SPELLING + "\t\\N");
        assertThat(appended(track().put("name", "One").put("kind", "local"))).contains("\t3\tlocal\t\\N\tOne\t");
    }

    @Test
    void circumstancesAreToldOnce() {
        assertThat(appended(track().put("country", "SE"))).contains("\t2\t\\N\tSE\t");
        assertThat(appended(track().put("country", "NO"))).contains("\t3\t\\N\tNO\t");
        assertThat(appended(track().put("country", "SE"))).endsWith("\t2" + KNOWN_CIRCUMSTANCE + "\n");
    }

    @Test
    void theReadersOfADropShareTheNumbers() {
        appended(track());
        StringBuilder other = new StringBuilder();
        new CopyLine(8, 2, dictionary).append(track(), other);
        assertThat(other).startsWith("8\t2\t").endsWith("\t1" + KNOWN_SPELLING + "\t\\N" + KNOWN_CIRCUMSTANCE + "\n");
    }

    @Test
    void aFullDictionaryForgetsAndNumbersAnew() {
        assertThat(dictionary.number("first")).isEqualTo(-1);
        assertThat(dictionary.number("first")).isEqualTo(1);
        for (int i = 2; i <= 100_001; i++) {
            assertThat(dictionary.number("text " + i)).isEqualTo(-i);
        }
        assertThat(dictionary.number("first")).isEqualTo(-100_002);
        assertThat(dictionary.number("x".repeat(16_000_000))).isEqualTo(-100_003);
        assertThat(dictionary.number("last")).isEqualTo(-100_004);
        assertThat(dictionary.number("first")).isEqualTo(-100_005);
    }

    @Test
    void aRejectedLineHasNoNumbers() {
        ObjectNode columns = JsonNodeFactory.instance
                .objectNode()
                .put("rejected_because", "why")
                .put("line", "{}");
        assertThat(appended(columns)).endsWith("\twhy\t{}\t\\N" + KNOWN_SPELLING + "\t\\N" + KNOWN_CIRCUMSTANCE + "\n");
    }

    private static ObjectNode track() {
        return JsonNodeFactory.instance.objectNode().put("kind", "track");
    }

    private String appended(ObjectNode columns) {
        StringBuilder copy = new StringBuilder();
        new CopyLine(7, 1, dictionary).append(columns, copy);
        return copy.toString();
    }
}
