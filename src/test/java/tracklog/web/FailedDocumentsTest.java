package tracklog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedDocumentsTest {

    @TempDir
    Path dataDir;

    private Path failed;
    private FailedDocuments documents;

    @BeforeEach
    void open() {
        failed = dataDir.resolve("inbox/.failed");
        documents = new FailedDocuments(dataDir.resolve("inbox").toString());
    }

    @Test
    void nothingHasFailedBeforeThereIsAFolder() throws Exception {
        assertThat(documents()).isEmpty();
    }

    @Test
    void documentsAreListedWithWhatTheirReasonSays() throws Exception {
        Files.createDirectories(failed.resolve("folder"));
        Files.writeString(failed.resolve("folder/a.json"), "[");
        Files.writeString(failed.resolve("folder/a.json.reason.txt"), "not JSON\n");
        Files.writeString(failed.resolve("b.json"), "{}");
        Files.createSymbolicLink(failed.resolve("link.zip"), dataDir.resolve("nowhere.zip"));
        assertThat(documents())
                .extracting(document -> document.get("document"), document -> document.get("reason"))
                .containsExactlyInAnyOrder(
                        tuple("folder/a.json", "not JSON"), tuple("b.json", null), tuple("link.zip", null));
    }

    @Test
    void documentsThatAreTakenAwayMeanwhileDoNotHideTheOthers() throws Exception {
        Files.createDirectories(failed);
        Files.writeString(failed.resolve("stays.json"), "{}");
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> user = CompletableFuture.runAsync(() -> comeAndGo(ended));
        try {
            for (int i = 0; i < 2_000; i++) {
                assertThat(documents())
                        .extracting(document -> document.get("document"))
                        .contains("stays.json");
            }
        } finally {
            ended.set(true);
            user.join();
        }
    }

    private void comeAndGo(AtomicBoolean ended) {
        try {
            while (!ended.get()) {
                for (int i = 0; i < 20; i++) {
                    Files.writeString(failed.resolve(i + ".json"), "{}");
                    Files.writeString(failed.resolve(i + ".json.reason.txt"), "why");
                }
                for (int i = 0; i < 20; i++) {
                    Files.delete(failed.resolve(i + ".json.reason.txt"));
                    Files.delete(failed.resolve(i + ".json"));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Map<String, Object>> documents() throws IOException {
        return documents.list(Map.of("offset", 0, "limit", 100));
    }
}
