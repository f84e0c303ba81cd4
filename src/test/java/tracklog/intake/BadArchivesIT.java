package tracklog.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;
import tracklog.Trees;
import tracklog.document.Lines;

/** ZIPs and gzipped documents as they come, and with something wrong in them. */
class BadArchivesIT {

    private static TestProgram program;
    private static InboxDriver dropping;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        dropping = new InboxDriver(program);
    }

    /** After all that, the program takes in the next good one. */
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
    void aZipAsItComesIsImportedWithWhatIsBesideTheHistory() throws Exception {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("Spotify Extended Streaming History/Streaming_History_Audio_2011_0.json", Lines.array(0, 20));
        entries.put("Spotify Extended Streaming History/Streaming_History_Audio_2011_1.json", Lines.array(15, 40));
        entries.put("Spotify Extended Streaming History/ReadMeFirst.pdf", "%PDF-1.7");
        dropping.drop("my_spotify_data.zip", InboxDriver.zip(entries));
        gone(".done", "my_spotify_data.zip");
        assertThat(program.rows("select document, state, lines_read, bundle is not null as bundled from import"
                        + " where document like 'my_spotify_data.zip!%' order by document"))
                .extracting(row -> row.get("document").toString().replaceAll(".*/", "") + " " + row.get("state") + " "
                        + row.get("lines_read") + " " + row.get("bundled"))
                .containsExactly(
                        "ReadMeFirst.pdf no_history 0 true",
                        "Streaming_History_Audio_2011_0.json done 20 true",
                        "Streaming_History_Audio_2011_1.json done 25 true");
        // Two documents are imported at once: which of them counts as the one that knew the five of both is open.
        assertThat(program.number("select sum(inserted) from import where document like 'my_spotify_data.zip!%'"))
                .isEqualTo(40);
    }

    @Test
    void aZipWithoutHistoryIsLeftAlone() throws Exception {
        dropping.drop("playlists.zip", InboxDriver.zip(Map.of("Playlist1.json", "{\"playlists\": []}")));
        dropping.drop("nothing.zip", InboxDriver.zip(Map.of()));
        assertThat(dropping.books("playlists.zip!Playlist1.json")).containsEntry("state", "no_history");
        Thread.sleep(1_000);
        assertThat(program.inbox().resolve("playlists.zip")).exists();
        assertThat(program.inbox().resolve("nothing.zip")).exists();
        assertThat(program.number("select count(*) from import where document like 'playlists.zip!%'"))
                .isOne();
    }

    @Test
    void aNameInAZipIsNeverAPath() throws Exception {
        dropping.drop(
                "slip.zip",
                InboxDriver.zip(
                        Map.of("../../../escaped.json", Lines.array(100, 102), "/abs.json", Lines.array(102, 103))));
        gone(".done", "slip.zip");
        assertThat(plays(100, 103)).isEqualTo(3);
        assertThat(Trees.files(program.dataDir()))
                .noneMatch(file -> file.toString().matches(".*(escaped|abs)\\.json"));
        assertThat(program.dataDir().resolve("../escaped.json")).doesNotExist();
    }

    @Test
    void twoEntriesOfOneNameAreBothImported() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (int from : new int[] {200, 210}) {
                zip.putArchiveEntry(new ZipArchiveEntry("same.json"));
                zip.write(Lines.array(from, from + 10).getBytes(UTF_8));
                zip.closeArchiveEntry();
            }
        }
        dropping.drop("same-names.zip", bytes.toByteArray());
        gone(".done", "same-names.zip");
        assertThat(plays(200, 220)).isEqualTo(20);
    }

    @Test
    void zip64IsRead() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.setUseZip64(Zip64Mode.Always);
            zip.putArchiveEntry(new ZipArchiveEntry("a.json"));
            zip.write(Lines.array(300, 305).getBytes(UTF_8));
            zip.closeArchiveEntry();
        }
        dropping.drop("zip64.zip", bytes.toByteArray());
        gone(".done", "zip64.zip");
        assertThat(plays(300, 305)).isEqualTo(5);
    }

    @Test
    void ofAPartlyBadZipTheGoodEntriesAreImported() throws Exception {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("good-1.json", Lines.array(400, 410));
        entries.put("bad.json", "[oops" + Lines.array(410, 420));
        entries.put("cut.json", Lines.array(410, 420).substring(0, 1_000));
        entries.put("good-2.json", Lines.array(420, 430));
        dropping.drop("partly.zip", InboxDriver.zip(entries));
        assertThat(dropping.failed("partly.zip"))
                .contains("partly.zip!bad.json: It is not valid JSON")
                .contains("partly.zip!cut.json: It ends too early, after 1 complete lines.");
        assertThat(plays(400, 430)).isEqualTo(20);
    }

    @Test
    void aFlippedBitIsNoticedAndNothingOfTheEntryImported() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(0);
            zip.putNextEntry(new ZipEntry("a.json"));
            zip.write(Lines.array(500, 510).getBytes(UTF_8));
        }
        byte[] flipped = bytes.toByteArray();
        flipped[new String(flipped, ISO_8859_1).indexOf("Song")] ^= 1;
        dropping.drop("flipped.zip", flipped);
        assertThat(dropping.failed("flipped.zip")).contains("flipped.zip!a.json: Its checksum is wrong");
        assertThat(plays(500, 510)).isZero();
    }

    @Test
    void aTruncatedZipFails() throws Exception {
        byte[] whole = InboxDriver.zip(Map.of("a.json", Lines.array(600, 700)));
        dropping.drop("truncated.zip", Arrays.copyOf(whole, whole.length / 2));
        assertThat(dropping.failed("truncated.zip")).startsWith("The ZIP cannot be read (");
        dropping.drop("short.zip", Arrays.copyOf(whole, 4));
        assertThat(dropping.failed("short.zip")).startsWith("The ZIP cannot be read (");
    }

    @Test
    void anEncryptedZipFails() throws Exception {
        byte[] zip = InboxDriver.zip(Map.of("a.json", Lines.array(700, 710)));
        // The flag in the local header and in the central directory.
        zip[6] |= 1;
        zip[centralDirectory(zip) + 8] |= 1;
        dropping.drop("encrypted.zip", zip);
        assertThat(dropping.failed("encrypted.zip"))
                .isEqualTo("encrypted.zip!a.json: It is encrypted. Unpack the ZIP yourself and drop what was in it.\n");
    }

    @Test
    void aZipInAZipFails() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("inner.zip"));
            zip.write(InboxDriver.zip(Map.of("a.json", Lines.array(800, 810))));
        }
        dropping.drop("outer.zip", bytes.toByteArray());
        assertThat(dropping.failed("outer.zip"))
                .isEqualTo("outer.zip!inner.zip: It is a ZIP inside a ZIP. Unpack the outer one and drop this one.\n");
    }

    @Test
    void aZipBombIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bomb.json"));
            spaces(zip);
        }
        byte[] bomb = bytes.toByteArray();
        assertThat(bomb.length).isBetween(250_000, 350_000);
        dropping.drop("bomb.zip", bomb);
        assertThat(dropping.failed("bomb.zip")).startsWith("It unpacks to more than 200 times its size");

        // The same that says of itself to be small.
        int size = centralDirectory(bomb) + 24;
        Arrays.fill(bomb, size, size + 4, (byte) 0);
        dropping.drop("lying-bomb.zip", bomb);
        assertThat(dropping.failed("lying-bomb.zip")).contains("It unpacks to more than 200 times its size");

        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(gzipped)) {
            spaces(gzip);
        }
        dropping.drop("bomb.json.gz", gzipped.toByteArray());
        assertThat(dropping.failed("bomb.json.gz")).contains("It unpacks to more than 200 times its size");
    }

    private static void spaces(OutputStream out) throws IOException {
        byte[] megabyte = " ".repeat(1 << 20).getBytes(UTF_8);
        out.write('[');
        for (int i = 0; i < 300; i++) {
            out.write(megabyte);
        }
        out.write(']');
    }

    @Test
    void aZipThatWouldNotFitOnTheDiskIsRefused() throws Exception {
        Map<String, String> entries = new LinkedHashMap<>();
        for (int i = 0; i < 5_000; i++) {
            entries.put(i + ".json", "");
        }
        byte[] zip = InboxDriver.zip(entries);
        // Each says to take almost 4 GB, all of them almost 20 TB.
        for (int i = centralDirectory(zip); i < zip.length - 28; i++) {
            if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
                Arrays.fill(zip, i + 25, i + 28, (byte) 0xFF);
            }
        }
        dropping.drop("too-large.zip", zip);
        assertThat(dropping.failed("too-large.zip"))
                .matches("Unpacked it would take \\d+ MB, more than the disk has.*\\n");
    }

    @Test
    void aGzippedDocumentIsImportedAndATruncatedOneFails() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Lines.array(1_000, 1_050).getBytes(UTF_8));
        }
        dropping.drop("a.json.gz", bytes.toByteArray());
        assertThat(dropping.done("a.json.gz")).containsEntry("inserted", 50L);
        dropping.drop("cut.json.gz", Arrays.copyOf(bytes.toByteArray(), bytes.size() - 20));
        assertThat(dropping.failed("cut.json.gz")).startsWith("It cannot be unpacked (");
    }

    private static int centralDirectory(byte[] zip) {
        for (int i = 0; ; i++) {
            if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
                return i;
            }
        }
    }

    private static void gone(String to, String name) {
        await().atMost(InboxDriver.PATIENCE)
                .until(() -> !dropping.moved(to, name).isEmpty());
        assertThat(program.inbox().resolve(Path.of(name))).doesNotExist();
    }

    private static long plays(int from, int to) throws Exception {
        return program.number(
                "select count(*) from play"
                        + " where played_at >= cast(? as timestamptz) and played_at < cast(? as timestamptz)",
                Lines.endedAt(from).toString(),
                Lines.endedAt(to).toString());
    }
}
