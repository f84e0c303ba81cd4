package tracklog.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxTest {

    @TempDir
    private Path folder;

    private Inbox inbox;

    @BeforeEach
    void makeInbox() throws Exception {
        inbox = new Inbox(folder, new Pauses(Duration.ofSeconds(1)));
    }

    @Test
    void aFileIsReadyOnceTwoLooksAgree() throws Exception {
        Path file = Files.writeString(folder.resolve("a.json"), "[");
        assertThat(accepted(file)).isFalse();
        assertThat(accepted(file)).isTrue();
        Files.writeString(file, "[]");
        assertThat(accepted(file)).isFalse();
        assertThat(accepted(file)).isTrue();
    }

    @Test
    void anOldTimeDoesNotHideAChange() throws Exception {
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Path file = Files.writeString(folder.resolve("a.json"), "[1]");
        Files.setLastModifiedTime(file, old);
        assertThat(accepted(file)).isFalse();
        // A moment, because the clock of a file system ticks every few milliseconds.
        Thread.sleep(50);
        Files.writeString(file, "[2]");
        Files.setLastModifiedTime(file, old);
        assertThat(accepted(file)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.zip.part", "a.crdownload", "a.Download", "a.tmp"})
    void anUnfinishedDownloadIsNeverReady(String name) throws Exception {
        Path file = Files.writeString(folder.resolve(name), "[]");
        assertThat(accepted(file)).isFalse();
        assertThat(accepted(file)).isFalse();
    }

    @Test
    void aFolderIsLookedIntoButNotALinkToOne() throws Exception {
        assertThat(accepted(Files.createDirectory(folder.resolve("folder")))).isTrue();
        assertThat(accepted(Files.createSymbolicLink(folder.resolve("link"), Path.of("folder"))))
                .isFalse();
    }

    @Test
    void whatWentAwayIsNotReady() {
        assertThat(accepted(folder.resolve("gone.json"))).isFalse();
    }

    private boolean accepted(Path path) {
        GenericFile<File> file = new GenericFile<>();
        file.setFile(path.toFile());
        file.setDirectory(Files.isDirectory(path));
        return inbox.accept(file);
    }
}
