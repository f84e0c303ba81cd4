package tracklog.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropTest {

    @TempDir
    private Path inbox;

    @ParameterizedTest
    @CsvSource({
        "a.json, ",
        "folder/a.json, ",
        "listeners/Anna/a.json, Anna",
        "listeners/Anna/deep/a.json, Anna",
        "'listeners/  Anna  B /a.json', Anna B",
    })
    void theFolderSaysWhoseItIs(String name, String listener) throws Exception {
        assertThat(Drop.open(inbox, file(name, "[]".getBytes(UTF_8))).documents())
                .singleElement()
                .satisfies(document -> {
                    assertThat(document.name()).isEqualTo(name);
                    assertThat(document.listener()).isEqualTo(listener);
                    assertThat(document.bundle()).isNull();
                    assertThat(document.size()).isEqualTo(2);
                });
    }

    @Test
    void whatBelongsToNobodyIsRefused() throws Exception {
        Path file = file("listeners/a.json", "[]".getBytes(UTF_8));
        assertThatThrownBy(() -> Drop.open(inbox, file))
                .isInstanceOf(BrokenDocumentException.class)
                .hasMessageContaining("listeners/NAME/");
    }

    @Test
    void aZipIsToldByItsContent() throws Exception {
        Path file = file("no-extension", Dropping.zip(Map.of("x/a.json", "[1]")));
        try (Drop drop = Drop.open(inbox, file)) {
            assertThat(drop.documents()).singleElement().satisfies(document -> {
                assertThat(document.name()).isEqualTo("no-extension!x/a.json");
                assertThat(document.bundle()).isNotNull();
                try (InputStream bytes = document.source().open()) {
                    assertThat(bytes).hasContent("[1]");
                }
            });
        }
    }

    @Test
    void aTextThatBeginsLikeAZipIsNone() throws Exception {
        assertThat(Drop.open(inbox, file("PKW.txt", "PKW-Liste".getBytes(UTF_8)))
                        .documents())
                .singleElement()
                .satisfies(document -> assertThat(document.calledJson()).isFalse());
    }

    private Path file(String name, byte[] content) throws Exception {
        Path file = inbox.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }
}
