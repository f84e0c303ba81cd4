package tracklog.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class CopyLineTest {

    @Test
    void whatIsMissingIsNull() {
        assertThat(appended(JsonNodeFactory.instance.objectNode().putNull("name")))
                .matches("(\\\\N\t)+\\\\N\n")
                .hasLineCount(1);
    }

    @Test
    void eachTypeIsWrittenAsPostgresReadsIt() {
        ObjectNode columns = JsonNodeFactory.instance.objectNode();
        columns.put("position", 7L).put("ms_played", 12).put("shuffle", true);
        columns.put("name", "Växel 🚢");
        columns.putObject("extra").put("a", "b");
        assertThat(appended(columns).replace("\\N\t", ""))
                .isEqualTo("7\t12\tVäxel 🚢\ttrue\t{\"a\":\"b\"}\t\\N\t\\N\n".replace("\\N\t", ""));
    }

    @Test
    void whatEndsAFieldOrALineIsEscaped() {
        ObjectNode columns = JsonNodeFactory.instance.objectNode().put("line", "a\tb\nc\rd\\.e\\N");
        assertThat(appended(columns)).endsWith("\ta\\tb\\nc\\rd\\\\.e\\\\N\n").hasLineCount(1);
    }

    private static String appended(ObjectNode columns) {
        StringBuilder copy = new StringBuilder();
        CopyLine.append(columns, copy);
        return copy.toString();
    }
}
