package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Exception;
import tracklog.document.BrokenDocumentException;
import tracklog.document.DocumentImport;
import tracklog.document.NoHistoryException;
import tracklog.intake.DroppedFile;
import tracklog.intake.FoundFile;
import tracklog.intake.OpenedFile;

class SettleFileTest extends RouteTest {

    @TempDir
    private Path folder;

    private Path file;
    private DroppedFile drop;

    SettleFileTest() {
        super("settle-file");
        for (String shelf : List.of("inbox", "bucket")) {
            answer(
                    "direct:fetch-from-" + shelf,
                    exchange -> exchange.getMessage().setBody(drop));
            answer(
                    "direct:move-in-" + shelf,
                    exchange -> exchange.setVariable("target", exchange.getVariable("outcome") + "/a.json"));
        }
        answer("bean:pauses.mayGrow", true);
        answer("bean:documentLocks.acquire", true);
    }

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("a.json"), "{}");
        drop = DroppedFile.open(file, "a.json");
    }

    private Exchange send(String route, String shelf) {
        FoundFile found = new FoundFile(shelf, "a.json");
        return send(route, exchange -> {
            exchange.setVariable("file", found);
            exchange.getMessage().setBody(route.equals("open-file") ? null : new OpenedFile(found, drop));
        });
    }

    /** Sends a file and returns the calls, of a logged line its level only. */
    private List<String> steps(String route, String shelf) {
        assertThat(send(route, shelf).getException()).isNull();
        return calls().stream()
                .map(call -> call.replaceFirst("^(INFO|WARN) a\\.json .*", "$1"))
                .toList();
    }

    private void failDocument(BrokenDocumentException reason) {
        DocumentImport.fail(drop.imports().get(0), reason);
    }

    private static S3Exception s3(int status) {
        return (S3Exception) S3Exception.builder()
                .message("Refused (Service: S3, Status Code: " + status + ")")
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox", "bucket"})
    void opensAFile(String shelf) {
        Exchange opened = send("open-file", shelf);
        assertThat(calls()).containsExactly("bean:documentLocks.acquire", "direct:fetch-from-" + shelf);
        assertThat(opened.getMessage().getBody()).isEqualTo(new OpenedFile(new FoundFile(shelf, "a.json"), drop));
    }

    @Test
    void opensNoFileThatAnotherProgramReads() {
        answer("bean:documentLocks.acquire", false);
        assertThat(send("open-file", "inbox").getMessage().getBody()).isNull();
        assertThat(calls()).containsExactly("bean:documentLocks.acquire");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox", "bucket"})
    void movesAnImportedFileToDone(String shelf) {
        assertThat(steps("settle-file", shelf))
                .containsExactly("direct:move-in-" + shelf, "bean:pauses.forget", "INFO");
        assertThat(at("direct:move-in-" + shelf).getVariable("outcome")).isEqualTo("done");
        assertThat(at("direct:move-in-" + shelf).getVariable("drop")).isSameAs(drop);
        assertThat(calls().get(2)).contains("done/a.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inbox", "bucket"})
    void movesABrokenFileToFailed(String shelf) {
        failDocument(new BrokenDocumentException("it is not JSON"));
        assertThat(steps("settle-file", shelf))
                .containsExactly("direct:move-in-" + shelf, "bean:pauses.forget", "WARN");
        assertThat(at("direct:move-in-" + shelf).getVariable("outcome")).isEqualTo("failed");
        assertThat(calls().get(2)).contains("failed/a.json", "it is not JSON");
    }

    @Test
    void waitsForTheRestOfAFileThatMayStillBeCopied() {
        failDocument(BrokenDocumentException.endsEarly("it ends too early", null));
        assertThat(steps("settle-file", "inbox"))
                .containsExactly("bean:pauses.mayGrow", "bean:pauses.awaitCopy", "INFO");
    }

    @Test
    void movesAFileThatEndsTooEarlyToFailedOnceItNoLongerGrows() {
        failDocument(BrokenDocumentException.endsEarly("it ends too early", null));
        answer("bean:pauses.mayGrow", false);
        assertThat(steps("settle-file", "inbox")).endsWith("direct:move-in-inbox", "bean:pauses.forget", "WARN");
    }

    @Test
    void waitsForNoRestOfAnObject() {
        failDocument(BrokenDocumentException.endsEarly("it ends too early", null));
        assertThat(steps("settle-file", "bucket"))
                .containsExactly("direct:move-in-bucket", "bean:pauses.forget", "WARN");
    }

    @Test
    void leavesAFileWithoutHistoryAlone() {
        DocumentImport.leave(drop.imports().get(0), new NoHistoryException("it is a playlist"));
        assertThat(steps("settle-file", "inbox")).containsExactly("bean:pauses.leave", "INFO");
    }

    @Test
    void forgivesThatAFileWasTakenAway() {
        fail("direct:fetch-from-inbox", new NoSuchFileException("a.json"));
        assertThat(steps("open-file", "inbox")).endsWith("direct:fetch-from-inbox", "INFO");
    }

    @Test
    void forgivesThatAFileHasChanged() {
        fail("direct:move-in-inbox", new ConcurrentModificationException("a.json"));
        assertThat(steps("settle-file", "inbox")).containsExactly("direct:move-in-inbox", "INFO");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 412})
    void looksLaterForAnObjectThatVanishedOrWasReplaced(int status) {
        fail("direct:fetch-from-bucket", s3(status));
        assertThat(steps("open-file", "bucket")).endsWith("direct:fetch-from-bucket", "bean:pauses.postpone", "INFO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"denied", "exists"})
    void leavesAFileThatCannotBeMoved(String fault) {
        fail(
                "direct:move-in-inbox",
                fault.equals("denied") ? new AccessDeniedException(".done") : new FileAlreadyExistsException(".done"));
        assertThat(steps("settle-file", "inbox")).containsExactly("direct:move-in-inbox", "bean:pauses.leave", "WARN");
        assertThat(calls().get(2)).contains(".done");
    }

    @Test
    void leavesAFileThatCannotBeRead() {
        fail("direct:fetch-from-inbox", new AccessDeniedException("a.json"));
        assertThat(steps("open-file", "inbox")).endsWith("direct:fetch-from-inbox", "bean:pauses.leave", "INFO");
    }

    @Test
    void readsAFileAgainLaterWhenItCannotBeOpenedNow() {
        fail("direct:fetch-from-bucket", new AccessDeniedException("spool"));
        assertThat(steps("open-file", "bucket")).endsWith("direct:fetch-from-bucket", "direct:postpone-file");
    }

    @Test
    void readsAnObjectAgainLaterWhenTheBucketFails() {
        fail("direct:move-in-bucket", s3(503));
        assertThat(steps("settle-file", "bucket")).containsExactly("direct:move-in-bucket", "direct:postpone-file");
    }
}
