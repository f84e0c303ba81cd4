package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Exchange;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tracklog.intake.DroppedFile;
import tracklog.intake.FoundFile;
import tracklog.intake.OpenedFile;

class ImportFilesTest extends RouteTest {

    @TempDir
    private Path folder;

    ImportFilesTest() {
        super("import-files");
        answer("direct:open-file", exchange -> {
            FoundFile file = exchange.getVariable("file", FoundFile.class);
            if (!file.name().equals("locked.json")) {
                exchange.getMessage().setBody(opened(file));
            }
        });
        answer("bean:pauses.postpone", 5L);
    }

    /** The file is a copy, so closing it deletes it. */
    private OpenedFile opened(FoundFile file) {
        try {
            Path copy = Files.writeString(folder.resolve(file.name()), "[]");
            return new OpenedFile(file, DroppedFile.openCopy(copy, file.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Exchange importFiles(String... names) {
        return send(
                "import-files",
                exchange -> exchange.getMessage()
                        .setBody(List.of(names).stream()
                                .map(name -> new FoundFile("inbox", name))
                                .toList()));
    }

    @Test
    void importsAllFilesInOneMergeAndThenSettlesEach() {
        assertThat(importFiles("a.json", "b.json").getException()).isNull();
        assertThat(calls())
                .containsExactly(
                        "direct:open-file",
                        "direct:open-file",
                        "direct:import-drop",
                        "direct:settle-file",
                        "direct:settle-file",
                        "bean:documentLocks.release",
                        "bean:documentLocks.release");
        assertThat(at("direct:import-drop").getVariable("imports"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void importsTheOthersIfAnotherProgramReadsOne() {
        importFiles("locked.json", "b.json");
        assertThat(calls())
                .containsExactly(
                        "direct:open-file",
                        "bean:documentLocks.release",
                        "direct:open-file",
                        "direct:import-drop",
                        "direct:settle-file",
                        "bean:documentLocks.release");
    }

    @Test
    void postponesAllIfTheDatabaseFails() {
        fail("direct:import-drop", new SQLException("no connection"));
        assertThat(importFiles("a.json", "b.json").getException()).isNull();
        assertThat(calls())
                .containsExactly(
                        "direct:open-file",
                        "direct:open-file",
                        "direct:import-drop",
                        "direct:postpone-file",
                        "direct:postpone-file",
                        "bean:documentLocks.release",
                        "bean:documentLocks.release");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhenAFileIsTriedAgainAndWhy() {
        send("postpone-file", exchange -> {
            exchange.setVariable("file", new FoundFile("inbox", "a.json"));
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new SQLException("no connection"));
        });
        assertThat(calls())
                .containsExactly(
                        "bean:pauses.postpone",
                        "WARN a.json stays in the inbox and is tried again in 5 s: The database: no connection");
    }
}
