package tracklog.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.Trees;

/** Fills the disk of database and inbox, then that of the archive. Tracklog must continue when there is room. */
class DiskFullIT {

    private static final int ROOM = 24_000_000;

    private final Path disk;
    private final Path data;
    private final Path archive;

    DiskFullIT() throws Exception {
        disk = ChildProgram.newDataDir();
        data = disk.resolve("data");
        archive = data.resolve("archive");
    }

    @BeforeEach
    void mount() throws Exception {
        Parts.require(
                run("mount", "-t", "tmpfs", "-o", "size=320m", "tmpfs", disk.toString()),
                "No small disk can be mounted here (it takes root)");
        Files.createDirectories(archive);
        assertThat(run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", archive.toString()))
                .isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", archive.toString());
        run("umount", disk.toString());
    }

    @Test
    void whileArchivingAndWhileImporting() throws Exception {
        try (Music music = new Music()) {
            music.goOn(1);
            try (ChildProgram program = ChildProgram.start(data, music.settings(Map.of()))) {
                while (!program.output().contains("could not be archived")) {
                    music.goOn(1);
                    music.awaitIn(program.dataSource(), program.inbox());
                }
                assertThat(run("mount", "-o", "remount,size=1m", archive.toString()))
                        .isTrue();
                long archived = archived();
                music.goOn(1);
                await().atMost(Duration.ofMinutes(2)).until(() -> archived() > archived);

                Path ballast = disk.resolve("ballast");
                music.drop(program.inbox(), "history.json", 0, 20_000);
                fill(ballast);
                program.awaitOutput("history.json stays in the inbox and is tried again");
                assertThat(program.output() + serverLog()).containsIgnoringCase("no space left on device");
                music.goOn(5);
                Files.delete(ballast);
                music.awaitIn(program.dataSource(), program.inbox());
                music.assertStoredAndServedOnce(program.dataSource(), program.http(""));
                assertThat(program.output()).doesNotContain("\tat ");
            }
        }
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    private long archived() throws IOException {
        return Trees.files(archive).stream()
                .filter(file -> file.toString().endsWith(".gz"))
                .count();
    }

    /** If the disk gets full while the write-ahead log is written, only the server's own log reports it. */
    private String serverLog() throws IOException {
        StringBuilder log = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("postgres/log"))) {
            for (Path file : files) {
                log.append(Files.readString(file));
            }
        }
        return log.toString();
    }

    /** Leaves some room, so that the import can begin. */
    private void fill(Path ballast) throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[1 << 20];
            while (disk.toFile().getUsableSpace() > ROOM) {
                out.write(block);
            }
        }
    }
}
