package tracklog.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.TestProgram;
import tracklog.document.Lines;

/** How files get into the inbox, and where they go. */
class InboxIT {

    private static TestProgram program;
    private static InboxDriver dropping;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of("INBOX_PATIENCE", "3000"));
        dropping = new InboxDriver(program);
    }

    @AfterAll
    static void goesOn() throws Exception {
        try {
            dropping.drop("last.json", Lines.array(900_000, 900_003));
            assertThat(dropping.done("last.json")).containsEntry("inserted", 3L);
        } finally {
            program.close();
        }
    }

    @Test
    void aFileThatGrowsIsReadOnceItIsWhole() throws Exception {
        Path file = program.inbox().resolve("growing.json");
        byte[] whole = Lines.array(0, 40).getBytes(UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 20; i++) {
                out.write(whole, i * whole.length / 20, (i + 1) * whole.length / 20 - i * whole.length / 20);
                // As a copy that keeps the time of the original does.
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
                Thread.sleep(100);
            }
        }
        assertThat(dropping.done("growing.json")).containsEntry("inserted", 40L);
        assertThat(program.number("select count(*) from import where document = 'growing.json'"))
                .isOne();
    }

    @Test
    void aCopyThatPausesIsGivenTime() throws Exception {
        Path file = program.inbox().resolve("pausing.json");
        byte[] whole = Lines.array(50, 60).getBytes(UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(whole, 0, 2_000);
            dropping.books("pausing.json");
            out.write(whole, 2_000, whole.length - 2_000);
        }
        assertThat(dropping.done("pausing.json")).containsEntry("inserted", 10L);
        assertThat(dropping.moved(".failed", "pausing.json")).isEmpty();
    }

    @Test
    void aDownloadIsReadUnderItsFinalName() throws Exception {
        Path placeholder = dropping.drop("data.zip", "");
        Path part = dropping.drop("data.zip.part", InboxDriver.zip(Map.of("a.json", Lines.array(70, 75))));
        Path chromium = dropping.drop("Unconfirmed 1.crdownload", Lines.array(75, 77));
        Thread.sleep(1_000);
        assertThat(part).exists();
        assertThat(chromium).exists();
        Files.move(part, placeholder, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(InboxDriver.PATIENCE)
                .until(() -> !dropping.moved(".done", "data.zip").isEmpty());
        assertThat(dropping.moved(".failed", "data.zip")).isEmpty();
        assertThat(dropping.books("data.zip!a.json")).containsEntry("inserted", 5L);
        assertThat(program.number(
                        "select count(*) from import where document like '%part' or document like '%crdownload'"))
                .isZero();
    }

    @Test
    void theSameContentTwiceIsImportedOnce() throws Exception {
        dropping.drop("once.json", Lines.array(100, 110));
        dropping.drop("twice.json", Lines.array(100, 110));
        Map<String, Object> once = dropping.done("once.json");
        Map<String, Object> twice = dropping.done("twice.json");
        assertThat((long) once.get("inserted") + (long) twice.get("inserted")).isEqualTo(10);
        assertThat((long) once.get("duplicates") + (long) twice.get("duplicates"))
                .isEqualTo(10);
    }

    @Test
    void theSameNameTwiceKeepsBothFiles() throws Exception {
        dropping.drop("again.json", Lines.array(200, 210));
        dropping.done("again.json");
        dropping.drop("again.json", Lines.array(205, 215));
        await().atMost(InboxDriver.PATIENCE)
                .until(() -> dropping.moved(".done", "again.json").size() == 2);
        dropping.drop("again.json", Lines.array(205, 215));
        await().atMost(InboxDriver.PATIENCE)
                .until(() -> dropping.moved(".done", "again.json").size() == 3);
        assertThat(program.rows(
                        "select inserted, duplicates from import where document = 'again.json' order by 1 desc, 2"))
                .containsExactly(
                        Map.of("inserted", 10L, "duplicates", 0L),
                        Map.of("inserted", 5L, "duplicates", 5L),
                        Map.of("inserted", 0L, "duplicates", 10L));
        assertThat(dropping.moved(".done", "again.json"))
                .anySatisfy(file -> assertThat(file).hasContent(Lines.array(200, 210)))
                .anySatisfy(file -> assertThat(file).hasContent(Lines.array(205, 215)));
    }

    @Test
    void anUnpackedExportIsImportedAndWhatIsBesideItStays() throws Exception {
        String folder = "Spotify Extended Streaming History/";
        dropping.drop(folder + "ReadMe.pdf", "%PDF");
        dropping.drop(folder + "Streaming_History_Audio_1.json", Lines.array(300, 305));
        dropping.drop(folder + "Streaming_History_Audio_2.json", Lines.array(305, 310));
        assertThat(dropping.done(folder + "Streaming_History_Audio_1.json")).containsEntry("inserted", 5L);
        assertThat(dropping.done(folder + "Streaming_History_Audio_2.json")).containsEntry("inserted", 5L);
        assertThat(dropping.books(folder + "ReadMe.pdf")).containsEntry("state", "no_history");
        assertThat(program.inbox().resolve(folder + "ReadMe.pdf")).exists();
    }

    @Test
    void namesOfAnyKindAndLengthAreKept() throws Exception {
        List<String> names =
                List.of("x".repeat(250) + ".json", "🚢".repeat(60) + "Växel.json", "no extension", "a b'\"\\%.txt");
        for (int i = 0; i < names.size(); i++) {
            dropping.drop(names.get(i), Lines.array(400 + i, 401 + i));
            assertThat(dropping.books(names.get(i))).containsEntry("inserted", 1L);
            String tail = names.get(i).substring(Math.max(0, names.get(i).length() - 20));
            await().atMost(InboxDriver.PATIENCE).until(() -> endsWith(tail));
        }
    }

    private static boolean endsWith(String tail) throws IOException {
        try (Stream<Path> files = Files.list(program.inbox().resolve(".done"))) {
            return files.anyMatch(file -> file.toString().endsWith(tail));
        }
    }

    @Test
    void aSymbolicLinkIsRefusedAndItsTargetStays() throws Exception {
        Path target = program.dataDir().resolve("elsewhere.json").toAbsolutePath();
        Files.writeString(target, Lines.array(500, 505));
        Files.createSymbolicLink(program.inbox().resolve("link.json"), target);
        assertThat(dropping.failed("link.json"))
                .isEqualTo("It is a symbolic link. Copy the file itself into the inbox.\n");
        assertThat(target).hasContent(Lines.array(500, 505));
        Files.createSymbolicLink(program.inbox().resolve("nowhere.json"), Path.of("does-not-exist"));
        assertThat(dropping.failed("nowhere.json")).startsWith("It is a symbolic link.");
    }

    @Test
    void aLinkToAFolderIsNotFollowed() throws Exception {
        Path loop = program.inbox().resolve("looping/loop");
        Files.createDirectories(loop.getParent());
        Files.createSymbolicLink(loop, Path.of("."));
        dropping.drop("looping/a.json", Lines.array(510, 515));
        dropping.done("looping/a.json");
        Thread.sleep(1_000);
        assertThat(program.rows("select document from import where document like '%loop%'"))
                .containsExactly(Map.of("document", "looping/a.json"));
        assertThat(loop).isSymbolicLink();
    }

    @Test
    void whatIsNoFileOrIsHiddenIsLeftAlone() throws Exception {
        Path pipe = program.inbox().resolve("pipe.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        dropping.drop(".hidden.json", Lines.array(520, 521));
        dropping.drop(".hidden/a.json", Lines.array(521, 522));
        dropping.drop("after-pipe.json", Lines.array(522, 523));
        dropping.done("after-pipe.json");
        Thread.sleep(500);
        assertThat(pipe).exists();
        assertThat(program.number(
                        "select count(*) from import where document like '%hidden%' or document like 'pipe%'"))
                .isZero();
        Files.delete(pipe);
    }

    @Test
    void whatIsNotReadIsSaidOnce() throws Exception {
        try (ChildProgram child = ChildProgram.start(ChildProgram.newDataDir(), Map.of())) {
            Files.writeString(child.inbox().resolve(".hidden.json"), Lines.array(530, 531));
            Files.createDirectory(child.inbox().resolve(".hidden"));
            // A name in Latin-1, which no Java can give a file.
            new ProcessBuilder("bash", "-c", "printf '[]' > $'V\\xe4xel.json'")
                    .directory(child.inbox().toFile())
                    .start()
                    .waitFor();
            child.awaitOutput("xel.json is not read: its name is not in UTF-8");
            Files.writeString(child.inbox().resolve("last.json"), Lines.array(531, 532));
            child.awaitOutput("last.json is done");
            assertThat(child.output())
                    .containsOnlyOnce(".hidden.json is not read: it is hidden")
                    .containsOnlyOnce(".hidden is not read: it is hidden")
                    .containsOnlyOnce("its name is not in UTF-8")
                    .doesNotContain(".done is not read");
            assertThat(child.number("select count(*) from play")).isOne();
        }
    }

    @Test
    void aFolderOfAListenerIsItsOwn() throws Exception {
        dropping.drop("listeners/ Anna  Lind /history/a.json", Lines.array(600, 610));
        dropping.drop("me.json", Lines.array(600, 603));
        assertThat(dropping.done("listeners/ Anna  Lind /history/a.json")).containsEntry("inserted", 10L);
        assertThat(dropping.done("me.json")).containsEntry("inserted", 3L);
        assertThat(program.rows(
                        "select name, count(*) as plays from play join listener using (listener_id)"
                                + " where played_at between cast(? as timestamptz) and cast(? as timestamptz)"
                                + " group by name order by 2",
                        Lines.endedAt(600).toString(),
                        Lines.endedAt(609).toString()))
                .containsExactly(Map.of("name", "me", "plays", 3L), Map.of("name", "Anna Lind", "plays", 10L));
        dropping.drop("listeners/nobody.json", Lines.array(610, 611));
        assertThat(dropping.failed("listeners/nobody.json")).startsWith("It does not say whose it is.");
    }

    @Test
    void whatCannotBeMovedIsNotImportedAgainAndAgain() throws Exception {
        Path inTheWay = program.inbox().resolve(".done/stuck");
        Files.createDirectories(inTheWay.getParent());
        Files.writeString(inTheWay, "a file where a folder is needed");
        dropping.drop("stuck/a.json", Lines.array(700, 705));
        assertThat(dropping.books("stuck/a.json")).containsEntry("inserted", 5L);
        Thread.sleep(2_000);
        assertThat(program.number("select count(*) from import where document = 'stuck/a.json'"))
                .isOne();
        assertThat(program.inbox().resolve("stuck/a.json")).exists();
    }

    @Test
    void manyFilesAtOnceTakeNoLongerThanTheirImports() throws Exception {
        int many = Integer.getInteger("campaign", 10) < 100 ? 500 : 10_000;
        Path made = Files.createTempDirectory(program.dataDir(), "made");
        for (int i = 0; i < many; i++) {
            Files.writeString(made.resolve(i + ".json"), Lines.array(10_000 + i, 10_001 + i));
        }
        long start = System.nanoTime();
        Path folder = Files.move(made, program.inbox().resolve("many"));
        await().atMost(InboxDriver.PATIENCE.multipliedBy(20)).until(() -> isEmpty(folder));
        System.out.printf(
                "%d files of one line at once: %.1f s, so 10,000 take %.1f minutes%n",
                many, (System.nanoTime() - start) / 1e9, (System.nanoTime() - start) / 1e9 * 10_000 / many / 60);
        assertThat(program.rows("select count(*) as files, sum(inserted)::bigint as plays from import"
                        + " where document like 'many/%' and state = 'done'"))
                .containsExactly(Map.of("files", (long) many, "plays", (long) many));
        assertThat(program.number(
                        "select count(*) from listening"
                                + " where played_at between cast(? as timestamptz) and cast(? as timestamptz)",
                        Lines.endedAt(10_000).toString(),
                        Lines.endedAt(9_999 + many).toString()))
                .as("stored")
                .isEqualTo(many);
        assertThat(new ObjectMapper()
                        .readTree(URI.create(program.http("/api/v1/panels/figures"))
                                .toURL())
                        .at("/rows/0/value")
                        .longValue())
                .as("served, with those of the other tests")
                .isEqualTo(program.number("select count(*) from listening where ms_played is distinct from 0"));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
