package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DropSampleExportTest extends RouteTest {

    DropSampleExportTest() {
        super("demo/drop-sample-export");
        set("HISTORY_INBOX", "inbox");
    }

    @Test
    void putsTheExportIntoAnInboxThatHasImportedNothing() {
        answer("sql:any-import", false);
        answer("bean:sampleExport.zip", "zip");
        send("drop-sample-export");
        assertThat(calls()).hasSize(4).startsWith("sql:any-import", "bean:sampleExport.zip", "file:inbox");
        assertThat(calls().get(3)).startsWith("INFO ");
        assertThat(at("file:inbox").getMessage().getBody()).isEqualTo("zip");
    }

    @Test
    void addsNothingToAnEarlierImport() {
        answer("sql:any-import", true);
        send("drop-sample-export");
        assertThat(calls()).containsExactly("sql:any-import");
    }
}
