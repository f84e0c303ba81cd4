package tracklog.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tracklog.document.Document;
import tracklog.document.DocumentImport;

class DroppedFileTest {

    @TempDir
    private Path inbox;

    @ParameterizedTest
    @CsvSource({
        "a.json, ",
        "folder/a.json, ",
        "listeners/Anna/a.json, Anna",
        "listeners/Anna/deep/a.json, Anna",
        "'listeners/  Anna  B /a.json', Anna B",
        "listeners/AC%2FDC + 50%/a.json, AC%2FDC + 50%",
        "listeners/AC%2FDC + me/a.json, AC/DC + me",
    })
    void theFolderSaysWhoseItIs(String name, String listener) throws Exception {
        assertThat(documents(open(file(name, "[]".getBytes(UTF_8)))))
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
        assertThat(open(file).imports()).isEmpty();
        assertThat(open(file).failures()).singleElement().asString().contains("listeners/NAME/");
    }

    @Test
    void aZipIsToldByItsContent() throws Exception {
        Path file = file("no-extension", InboxDriver.zip(Map.of("x/a.json", "[1]")));
        try (DroppedFile drop = open(file)) {
            assertThat(documents(drop)).singleElement().satisfies(document -> {
                assertThat(document.name()).isEqualTo("no-extension!x/a.json");
                assertThat(document.bundle()).isNotNull();
                try (InputStream bytes = document.source().open()) {
                    assertThat(bytes).hasContent("[1]");
                }
            });
        }
    }

    @Test
    void theDocumentsOfAZipAreReadAtTheSameTime() throws Exception {
        Map<String, String> entries = IntStream.range(0, 200)
                .boxed()
                .collect(Collectors.toMap(
                        number -> number + ".json", number -> ("[" + number + "]").repeat(1 + number % 50)));
        for (int round = 0; round < 20; round++) {
            try (DroppedFile drop = open(file("many.zip", InboxDriver.zip(entries)))) {
                List<Callable<String>> readers = documents(drop).stream()
                        .<Callable<String>>map(document -> () -> {
                            try (InputStream bytes = document.source().open()) {
                                return new String(bytes.readAllBytes(), UTF_8);
                            }
                        })
                        .toList();
                ExecutorService threads = Executors.newFixedThreadPool(4);
                List<String> read = new ArrayList<>();
                try {
                    for (Future<String> text : threads.invokeAll(readers)) {
                        read.add(text.get());
                    }
                } finally {
                    threads.shutdown();
                }
                assertThat(read).containsExactlyInAnyOrderElementsOf(entries.values());
            }
        }
    }

    @Test
    void aTextThatBeginsLikeAZipIsNone() throws Exception {
        assertThat(documents(open(file("PKW.txt", "PKW-Liste".getBytes(UTF_8)))))
                .singleElement()
                .satisfies(document -> assertThat(document.promisesJson()).isFalse());
    }

    private static List<Document> documents(DroppedFile drop) {
        return drop.imports().stream().map(DocumentImport::document).toList();
    }

    private DroppedFile open(Path file) throws Exception {
        return DroppedFile.open(file, inbox.relativize(file).toString());
    }

    private Path file(String name, byte[] content) throws Exception {
        Path file = inbox.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }
}
