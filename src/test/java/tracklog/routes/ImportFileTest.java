package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Exception;
import tracklog.document.BrokenDocumentException;
import tracklog.intake.DroppedFile;
import tracklog.intake.FoundFile;
import tracklog.intake.Inbox;
import tracklog.intake.Pauses;

class ImportFileTest extends RouteTest {

    private final IdempotentRepository locks = MemoryIdempotentRepository.memoryIdempotentRepository();

    @TempDir
    private Path folder;

    private Path file;
    private DroppedFile drop;

    ImportFileTest() {
        super("import-file");
        bean("documentLocks", locks);
        for (String shelf : List.of("inbox", "bucket")) {
            answer(
                    "direct:fetch-from-" + shelf,
                    exchange -> exchange.getMessage().setBody(drop));
            answer(
                    "direct:move-in-" + shelf,
                    exchange -> exchange.setVariable("target", exchange.getVariable("outcome") + "/a.json"));
        }
        answer("direct:import-drop", exchange -> drop.imported());
        answer("bean:pauses.mayGrow", true);
        answer("bean:pauses.postpone", 5L);
    }

    /** The file is a copy, so closing it deletes it. */
    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("a.json"), "{}");
        drop = DroppedFile.openCopy(file, "a.json");
    }

    private Exchange send(String shelf, String name) {
        return send("import-file", exchange -> exchange.setVariable("file", new FoundFile(shelf, name)));
    }

    /** Sends a file and returns the calls, of a logged line its level only. */
    private List<String> steps(String shelf) {
        assertThat(send(shelf, "a.json").getException()).isNull();
        return calls().stream()
                .map(call -> call.replaceFirst("^(INFO|WARN) a\\.json .*", "$1"))
                .toList();
    }

    private void failDocument(BrokenDocumentException reason) {
        answer(
                "direct:import-drop",
                exchange -> DroppedFile.fail(drop, drop.documents().get(0), reason));
    }

    private static S3Exception s3(int status) {
        return (S3Exception) S3Exception.builder()
                .message("Refused (Service: S3, Status Code: " + status + ")")
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox", "bucket"})
    void movesAnImportedFileToDone(String shelf) {
        assertThat(steps(shelf))
                .containsExactly(
                        "direct:fetch-from-" + shelf,
                        "direct:import-drop",
                        "direct:move-in-" + shelf,
                        "bean:pauses.forget",
                        "INFO");
        assertThat(at("direct:import-drop").getVariable("drop")).isSameAs(drop);
        assertThat(at("direct:move-in-" + shelf).getVariable("outcome")).isEqualTo("done");
        assertThat(calls().get(4)).contains("done/a.json");
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox", "bucket"})
    void movesABrokenFileToFailed(String shelf) {
        failDocument(new BrokenDocumentException("it is not JSON"));
        assertThat(steps(shelf))
                .containsExactly(
                        "direct:fetch-from-" + shelf,
                        "direct:import-drop",
                        "direct:move-in-" + shelf,
                        "bean:pauses.forget",
                        "WARN");
        assertThat(at("direct:move-in-" + shelf).getVariable("outcome")).isEqualTo("failed");
        assertThat(calls().get(4)).contains("failed/a.json", "it is not JSON");
    }

    @Test
    void waitsForTheRestOfAFileThatMayStillBeCopied() {
        failDocument(BrokenDocumentException.endsEarly("it ends too early", null));
        assertThat(steps("inbox"))
                .containsExactly(
                        "direct:fetch-from-inbox",
                        "direct:import-drop",
                        "bean:pauses.mayGrow",
                        "bean:pauses.awaitCopy",
                        "INFO");
    }

    @Test
    void movesAFileThatEndsTooEarlyToFailedOnceItNoLongerGrows() {
        failDocument(BrokenDocumentException.endsEarly("it ends too early", null));
        answer("bean:pauses.mayGrow", false);
        assertThat(steps("inbox")).endsWith("direct:move-in-inbox", "bean:pauses.forget", "WARN");
    }

    @Test
    void waitsForNoRestOfAnObject() {
        failDocument(BrokenDocumentException.endsEarly("it ends too early", null));
        assertThat(steps("bucket")).endsWith("direct:move-in-bucket", "bean:pauses.forget", "WARN");
    }

    @Test
    void leavesAFileWithoutHistoryAlone() {
        answer("direct:import-drop", exchange -> {});
        assertThat(steps("inbox"))
                .containsExactly("direct:fetch-from-inbox", "direct:import-drop", "bean:pauses.leave", "INFO");
    }

    @Test
    void readsNoFileThatAnotherProgramReads() {
        locks.add("inbox a.json");
        assertThat(steps("inbox")).isEmpty();
        send("inbox", "b.json");
        assertThat(calls()).contains("direct:import-drop");
    }

    @Test
    void forgivesThatAFileWasTakenAway() {
        fail("direct:fetch-from-inbox", new NoSuchFileException("a.json"));
        assertThat(steps("inbox")).containsExactly("direct:fetch-from-inbox", "INFO");
    }

    @Test
    void forgivesThatAFileHasChanged() throws IOException {
        Files.writeString(folder.resolve("changed.json"), "{}");
        Inbox inbox = new Inbox(folder, new Pauses(Duration.ZERO));
        answer("direct:move-in-inbox", exchange -> inbox.requireUnchanged(new FoundFile("inbox", "changed.json")));
        assertThat(steps("inbox")).endsWith("direct:move-in-inbox", "INFO");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 412})
    void looksLaterForAnObjectThatVanishedOrWasReplaced(int status) {
        fail("direct:fetch-from-bucket", s3(status));
        assertThat(steps("bucket")).containsExactly("direct:fetch-from-bucket", "bean:pauses.postpone", "INFO");
    }

    @Test
    void leavesAFileThatCannotBeMoved() {
        fail("direct:move-in-inbox", new AccessDeniedException(".done"));
        assertThat(steps("inbox")).endsWith("direct:move-in-inbox", "bean:pauses.leave", "WARN");
        assertThat(calls().get(4)).contains(".done");
    }

    @Test
    void leavesAFileForWhoseTargetThereIsNoRoom() {
        fail("direct:move-in-inbox", new FileAlreadyExistsException(".done/a.json"));
        assertThat(steps("inbox")).endsWith("direct:move-in-inbox", "bean:pauses.leave", "WARN");
    }

    @Test
    void leavesAFileThatCannotBeRead() {
        fail("direct:fetch-from-inbox", new AccessDeniedException("a.json"));
        assertThat(steps("inbox")).containsExactly("direct:fetch-from-inbox", "bean:pauses.leave", "INFO");
    }

    @Test
    void readsAFileAgainLaterWhenTheDatabaseFails() {
        fail("direct:import-drop", new SQLException("no connection"));
        assertThat(steps("inbox"))
                .containsExactly("direct:fetch-from-inbox", "direct:import-drop", "bean:pauses.postpone", "WARN");
        assertThat(calls().get(3)).contains("inbox", " 5 s", "no connection");
        assertThat(file).doesNotExist();
    }

    @Test
    void readsAnObjectAgainLaterWhenTheBucketFails() {
        fail("direct:move-in-bucket", s3(503));
        assertThat(steps("bucket")).endsWith("direct:move-in-bucket", "bean:pauses.postpone", "WARN");
    }

    @Test
    void readsAnObjectAgainLaterWhenTheDiskDoesNotLetItBeWritten() {
        fail("direct:fetch-from-bucket", new AccessDeniedException("spool"));
        assertThat(steps("bucket")).containsExactly("direct:fetch-from-bucket", "bean:pauses.postpone", "WARN");
    }
}
