package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class CopyLineTest {

    private final CopyLine lines = new CopyLine();

    @Test
    void whatIsMissingIsNull() {
        assertThat(appended(track().putNull("name")))
                .matches("(\\\\N\t)+track\t(\\\\N\t)+1(\t\\\\N)+\n")
                .hasLineCount(1);
    }

    @Test
    void eachTypeIsWrittenAsPostgresReadsIt() {
        ObjectNode columns = track();
        columns.put("position", 7L).put("ms_played", 12).put("shuffle", true).put("name", "Växel 🚢");
        columns.putObject("extra").put("a", "b");
        assertThat(appended(columns).replace("\\N\t", ""))
                .isEqualTo("7\t12\ttrack\ttrue\t{\"a\":\"b\"}\t1\tVäxel 🚢\t\\N\n");
    }

    @Test
    void whatEndsAFieldOrALineIsEscaped() {
        ObjectNode columns = track().put("reason_end", "a\tb\nc\rd\\.e\\N");
        assertThat(appended(columns)).contains("\ta\\tb\\nc\\rd\\\\.e\\\\N\t").hasLineCount(1);
    }

    @Test
    void aTrackIsSpeltOutOnceForEachWayOfSpellingIt() {
        assertThat(appended(track().put("name", "One"))).endsWith("\t1\t\\N\tOne" + "\t\\N".repeat(6) + "\n");
        assertThat(appended(track().put("name", "Two"))).contains("\t2\t\\N\tTwo\t");
        assertThat(appended(track().put("name", "One"))).endsWith("\t1" + "\t\\N".repeat(8) + "\n");
        assertThat(appended(track().put("name", "One").put("kind", "local"))).contains("\t3\t\\N\tOne\t");
    }

    @Test
    void aRejectedLineHasNoSpelling() {
        ObjectNode columns = JsonNodeFactory.instance
                .objectNode()
                .put("rejected_because", "why")
                .put("line", "{}");
        assertThat(appended(columns)).endsWith("\twhy\t{}" + "\t\\N".repeat(9) + "\n");
    }

    private static ObjectNode track() {
        return JsonNodeFactory.instance.objectNode().put("kind", "track");
    }

    private String appended(ObjectNode columns) {
        StringBuilder copy = new StringBuilder();
        lines.append(columns, copy);
        return copy.toString();
    }
}
