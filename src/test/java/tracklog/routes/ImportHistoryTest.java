package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import tracklog.intake.FoundFile;

class ImportHistoryTest extends RouteTest {

    ImportHistoryTest() {
        super("import-history");
    }

    @Test
    void importsTheFilesOfAFolderTogether() {
        for (String name : List.of("x/a.json", "b.json", "x/c.json")) {
            answer("bean:inbox.find", new FoundFile("inbox", name));
            send("import-history", exchange -> {
                exchange.setProperty(Exchange.BATCH_SIZE, 3);
                exchange.setProperty(Exchange.BATCH_COMPLETE, name.equals("x/c.json"));
            });
        }
        assertThat(calls())
                .containsExactly(
                        "bean:inbox.find",
                        "bean:inbox.find",
                        "bean:inbox.find",
                        "direct:import-files",
                        "direct:import-files");
    }

    @Test
    void opensAFile() {
        answer("bean:inbox.open", "drop");
        assertThat(send("fetch-from-inbox").getMessage().getBody()).isEqualTo("drop");
        assertThat(calls()).containsExactly("bean:inbox.open");
    }

    @Test
    void handsToTheCallerThatAFileCannotBeOpened() {
        fail("bean:inbox.open", new IOException("no such file"));
        assertThat(send("fetch-from-inbox").getException()).hasMessage("no such file");
    }

    @Test
    void movesAFileOnceItIsKnownToBeUnchanged() {
        answer("bean:inbox.move", ".done/a.json");
        assertThat(send("move-in-inbox").getVariable("target")).isEqualTo(".done/a.json");
        assertThat(calls()).containsExactly("bean:inbox.requireUnchanged", "bean:inbox.move");
    }

    @Test
    void movesNoFileThatHasChanged() {
        fail("bean:inbox.requireUnchanged", new IOException("changed"));
        assertThat(send("move-in-inbox").getException()).hasMessage("changed");
        assertThat(calls()).containsExactly("bean:inbox.requireUnchanged");
    }
}
