package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tracklog.intake.FoundFile;

class ImportHistoryTest extends RouteTest {

    ImportHistoryTest() {
        super("import-history");
    }

    @Test
    void importsTheFileThatItFinds() {
        FoundFile file = new FoundFile("inbox", "a.json");
        answer("bean:inbox.find", file);
        send("import-history");
        assertThat(calls()).containsExactly("bean:inbox.find", "direct:import-file");
        assertThat(at("direct:import-file").getVariable("file")).isEqualTo(file);
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
