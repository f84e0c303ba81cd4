package tracklog.spotify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tracklog.Trees;

/** An answer with new plays is kept as Spotify sent it, and the inbox takes it back. */
class ArchiveIT {

    @RegisterExtension
    private static final Collector COLLECTOR = new Collector();

    private Path archive;

    @BeforeEach
    void connected() throws Exception {
        archive = COLLECTOR.program().dataDir().resolve("archive");
        delete(archive);
        Collector.connect(COLLECTOR.program(), 1, "refresh-1");
        COLLECTOR.program().execute("update listener set name = 'AC/DC + me'");
    }

    @Test
    void whatIsNewIsArchivedOnceAndCanBeDroppedBack() throws Exception {
        COLLECTOR.spotify().plays(Spotify.items(3, "2026-11-22T10:02:00Z"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");
        COLLECTOR.poll("2026-11-22T10:30:00Z");

        List<Path> files = files();
        assertThat(files).singleElement().satisfies(file -> {
            assertThat(archive.relativize(file).toString())
                    .matches("raw/recently-played/AC%2FDC %2B me/\\d{4}/\\d\\d/\\d\\d/\\d{6}-\\d+\\.json\\.gz");
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                assertThat(in).hasContent(Spotify.page(Spotify.items(3, "2026-11-22T10:02:00Z")));
            }
        });

        String content = "select md5(string_agg(played_at::text || uri || source, ',' order by played_at))"
                + " from play join track using (track_id)";
        Object before = COLLECTOR.program().rows(content);
        COLLECTOR.program().execute("truncate play, poll cascade");
        Path inbox = COLLECTOR.program().inbox().resolve("listeners/AC%2FDC %2B me/2026/a.json.gz");
        Files.createDirectories(inbox.getParent());
        Files.copy(files.get(0), inbox);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> COLLECTOR.program().number("select count(*) from import where state = 'done'") == 1);
        assertThat(COLLECTOR.program().rows(content)).isEqualTo(before);
        assertThat(COLLECTOR.program().number("select count(*) from listener")).isEqualTo(1);
    }

    @Test
    void anArchiveThatFailsStopsNoPoll() throws Exception {
        // A file where the folder should be: as full or forbidden as it gets, and for root as well.
        Files.writeString(archive, "in the way");
        COLLECTOR.spotify().plays(Spotify.items(2, "2026-11-22T10:02:00Z"));
        COLLECTOR.poll("2026-11-22T10:15:00Z");

        assertThat(COLLECTOR.ledger()).containsExactly("done 2 2 2 0 0");
        assertThat(COLLECTOR.program().number("select count(*) from play")).isEqualTo(2);
        assertThat(COLLECTOR.log())
                .anyMatch(line -> line.startsWith("WARN") && line.contains("could not be archived below"));
    }

    private List<Path> files() throws IOException {
        return Trees.files(archive);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
