package tracklog.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;
import tracklog.store.SqlFiles;

/** An export that is imported into an empty database yields the same history, for every kind of line. */
class RoundTripIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static TestProgram program;
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        folder = Files.createTempDirectory(Path.of("target/it"), "round-trip-");
        try (Stream<Path> formats = Files.list(Path.of("src/test/resources/formats"))) {
            for (Path document : formats.toList()) {
                Files.copy(document, program.inbox().resolve(document.getFileName()));
            }
        }
        Random random = new Random(20261122);
        drop("", "odd.json", oddLines());
        drop("", "repeats.json", repeats());
        for (String listener : List.of("", "listeners/Åsa 東京/", "listeners/100% + more/")) {
            drop(listener, "extended-1.json", extended(random));
            drop(listener, "extended-2.json", extended(random));
            drop(listener, "account.json", accountData(random));
            drop(listener, "recent.json", recent(random));
        }
        drop("", "old.json", renamed(2015, "Old"));
        drop("", "new.json", renamed(2020, "New"));
        drop("listeners/Åsa 東京/", "old.json", renamed(2024, "Old"));
        drop("listeners/Åsa 東京/", "older.json", renamed(2014, "Older"));
        imported(program, 7 + 2 + 12 + 4);
        assertThat(program.number("select count(*) from play where same_as is not null"))
                .isGreaterThan(50);
        // Names that no folder can have, a listener without plays, and values that only a connection or the owner sets.
        program.execute("update listener set name = '../a/b\\c:d|e. ' where name = '100% + more'");
        program.execute("update listener set time_zone = 'Asia/Tokyo', spotify_user_id = 'user-of-asa'"
                + " where name like 'Åsa%'");
        program.execute("insert into listener (name, time_zone, spotify_user_id) values ('..', 'UTC', 'nobody')");
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void anEmptyDatabaseGetsTheSameContent() throws Exception {
        assertThat(restored(program)).isEqualTo(contents(program));
    }

    @Test
    void theFirstListenersNameReturnsToo() throws Exception {
        program.execute("update listener set name = 'Jonas', time_zone = 'Pacific/Auckland' where name = 'me'");
        try {
            assertThat(restored(program)).isEqualTo(contents(program));
        } finally {
            program.execute("update listener set name = 'me' where name = 'Jonas'");
        }
    }

    @Test
    void theSameContentGivesTheSameBytesAndImportingThemAgainAddsNothing() throws Exception {
        Path first = export(program);
        Path second = export(program);
        assertThat(second).hasSameBinaryContentAs(first);
        String before = contents(program);
        long imports = program.number("select count(*) from import where state = 'done'");
        long last = program.number("select max(import_id) from import");
        Files.copy(first, program.inbox().resolve("own.zip"));
        imported(program, imports + entries(first));
        assertThat(contents(program)).isEqualTo(before);
        assertThat(program.number("select sum(inserted) from import where import_id > ?", last))
                .isZero();
        assertThat(export(program)).hasSameBinaryContentAs(first);
    }

    @Test
    void mostOfTheExportIsInSpotifysOwnLayoutAndNothingInItIsPersonalOrSecret() throws Exception {
        try (ZipFile zip = new ZipFile(export(program).toFile())) {
            long own = 0;
            long extended = 0;
            for (var entry : java.util.Collections.list(zip.entries())) {
                String text = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                assertThat(text).doesNotContain("198.51.100", "ip_addr", "username", "user_agent");
                assertThat(entry.getName()).matches("listeners/[^/\\\\:|]+/[A-Za-z0-9_]+\\.json");
                assertThat(entry.getName()).doesNotContain("/..");
                if (entry.getName().contains("Streaming_History_Audio_")) {
                    extended +=
                            text.lines().filter(line -> line.startsWith("{")).count();
                } else if (entry.getName().endsWith("Tracklog_export.json")) {
                    own += text.lines()
                            .filter(line -> line.contains("\"play\""))
                            .count();
                }
            }
            assertThat(extended).isGreaterThan(1_000);
            assertThat(own).isBetween(1L, extended / 10);
        }
    }

    @Test
    void anExistingFileIsLeftAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.zip"), "mine");
        assertThatThrownBy(() -> new Export(program.store().dataSource()).write(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("exists and was not changed");
        assertThat(file).hasContent("mine");
        assertThat(folder.resolve("mine.zip.part")).doesNotExist();
    }

    private static String restored(TestProgram from) throws Exception {
        Path file = export(from);
        try (TestProgram empty = TestProgram.start(Map.of("TIME_ZONE", "UTC"))) {
            Files.copy(file, empty.inbox().resolve("backup.zip"));
            imported(empty, entries(file));
            return contents(empty);
        }
    }

    private static Path export(TestProgram from) throws Exception {
        Path file = folder.resolve("export-" + System.nanoTime() + ".zip");
        new Export(from.store().dataSource()).write(file);
        return file;
    }

    private static long entries(Path file) throws Exception {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.size();
        }
    }

    private static void imported(TestProgram into, long documents) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> into.number("select count(*) from import where state = 'done'") >= documents
                        && into.number("select count(*) from import where state = 'running'") == 0);
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            try (Stream<Path> left = Files.list(into.inbox())) {
                return left.noneMatch(file -> file.toString().endsWith(".zip"));
            }
        });
    }

    /** Returns each play, track, spelling, listener and rejected line as text, so that a difference is readable. */
    private static String contents(TestProgram of) throws Exception {
        StringBuilder contents = new StringBuilder(
                of.rows(SqlFiles.read("contents")).get(0).get("contents").toString());
        for (String sql : List.of(
                "select name, time_zone, spotify_user_id from listener order by listener_id",
                "select listener.name, track_key, play.*, finer.played_at, finer.source"
                        + " from play join listener using (listener_id) join track using (track_id)"
                        + " left join play as finer on finer.play_id = play.same_as"
                        + " order by 1, play.played_at, 2, play.source, play.ms_played, play.nth",
                "select track_key, uri, kind, name, artist_name, album_artist_name, album_name,"
                        + " duration_ms, isrc, explicit from track order by 1",
                "select track_key, s.kind, s.name, s.artist_name, s.album_artist_name, s.album_name,"
                        + " s.duration_ms, s.isrc, s.explicit, seen_at"
                        + " from track_spelling s join track using (track_id) order by 1, spelling_key",
                "select listener.name, track_key, alias_key from track_alias"
                        + " join listener using (listener_id) join track using (track_id) order by 1, 2, 3",
                "select listener.name, reason, line from rejected_line"
                        + " join listener using (listener_id) order by 1, 2, 3")) {
            for (Map<String, Object> row : of.rows(sql)) {
                row.keySet().removeAll(List.of("play_id", "listener_id", "track_id", "same_as"));
                contents.append('\n').append(row);
            }
        }
        return contents.toString();
    }

    private static void drop(String directory, String name, ArrayNode lines) throws Exception {
        Path target = program.inbox().resolve(directory);
        Files.createDirectories(target);
        Files.write(target.resolve(name), JSON.writeValueAsBytes(lines));
    }

    /** Unusual lines that a history can contain. */
    private static ArrayNode oddLines() {
        ArrayNode lines = JSON.createArrayNode();
        ObjectNode plain = extendedLine("2024-01-01T10:00:00Z", 61_000, "spotify:track:odd", "Odd", "Band", "Album");
        lines.add(plain);
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:01.123456Z"));
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:02Z").putNull("ms_played"));
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:03Z").put("skipped", "maybe"));
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:03Z").put("skipped", true));
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:04Z").put("offline_timestamp", 1_704_103_204_567L));
        lines.add(plain.deepCopy()
                .put("ts", "2024-01-01T10:00:05Z")
                .put("platform", "a\u0000b\ud83c\udfb5\t\n\\.\\N\ud83c"));
        ObjectNode nested = plain.deepCopy().put("ts", "2024-01-01T10:00:06Z");
        nested.putObject("device")
                .putNull("id")
                .put("volume", 0.5)
                .put("big", 1e300)
                .put("empty", "");
        nested.putArray("tags").addNull().add("x");
        lines.add(nested);
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:07Z").putNull("spotify_track_uri"));
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:08Z").putNull("master_metadata_track_name"));
        lines.add(plain.deepCopy().put("ts", "2024-01-01T10:00:09Z").put("tracklog", "play"));
        lines.add(plain.deepCopy()
                .put("ts", "2024-01-01T10:00:10Z")
                .put("spotify_track_uri", "spotify:local:" + "x".repeat(5_000) + ":::1"));
        // The same line with two spellings.
        lines.add(plain.deepCopy().put("ts", "2025-01-01T10:00:00Z").put("master_metadata_track_name", "ODD"));
        lines.add(plain.deepCopy().put("ts", "2025-01-01T10:00:00Z").put("master_metadata_track_name", "odd"));
        lines.add(plain.deepCopy().put("ts", "yesterday"));
        lines.add(plain.deepCopy().put("ts", "yesterday").put("ip_addr", "198.51.100.7"));
        lines.add("no object");
        return lines;
    }

    private static ArrayNode repeats() {
        ArrayNode lines = JSON.createArrayNode();
        for (int i = 0; i < 5; i++) {
            lines.addObject()
                    .put("endTime", "2023-05-05 10:00")
                    .put("artistName", i < 3 ? "Looper" : "LOOPER")
                    .put("trackName", "Loop")
                    .put("msPlayed", 12_000)
                    .put("note", i);
        }
        return lines;
    }

    private static ArrayNode extended(Random random) {
        ArrayNode lines = JSON.createArrayNode();
        for (int i = 0; i < 400; i++) {
            int track = random.nextInt(40);
            ObjectNode line = extendedLine(
                    moment(random).toString(),
                    random.nextInt(300_000),
                    track % 7 == 0 ? null : "spotify:track:" + track,
                    random.nextInt(4) == 0 ? "Renamed " + track : "Track " + track,
                    "Band " + track % 5,
                    random.nextInt(3) == 0 ? null : "Album " + track % 9);
            line.put("shuffle", random.nextBoolean()).put("conn_country", random.nextInt(5) == 0 ? "" : "SE");
            lines.add(line);
        }
        return lines;
    }

    private static ObjectNode extendedLine(
            String ts, int msPlayed, String uri, String name, String artist, String album) {
        return JSON.createObjectNode()
                .put("ts", ts)
                .put("platform", "android")
                .put("ms_played", msPlayed)
                .put("conn_country", "SE")
                .put("ip_addr", "198.51.100.7")
                .put("master_metadata_track_name", name)
                .put("master_metadata_album_artist_name", artist)
                .put("master_metadata_album_album_name", album)
                .put("spotify_track_uri", uri)
                .put("reason_start", "trackdone")
                .put("reason_end", "endplay")
                .putNull("skipped")
                .put("offline_timestamp", 1_719_251_000);
    }

    private static ArrayNode accountData(Random random) {
        ArrayNode lines = JSON.createArrayNode();
        for (int i = 0; i < 200; i++) {
            int track = random.nextInt(10);
            ObjectNode line = lines.addObject()
                    .put("endTime", moment(random).toString().substring(0, 16).replace('T', ' '))
                    .put("artistName", "Band " + track % 5)
                    .put("trackName", random.nextInt(3) == 0 ? "TRACK " + track : "Track " + track)
                    .put("msPlayed", random.nextInt(3) * 1_000);
            for (int loop = random.nextInt(10) - 7; loop > 0; loop--) {
                lines.add(line.deepCopy());
            }
        }
        return lines;
    }

    private static ArrayNode recent(Random random) {
        ArrayNode items = JSON.createArrayNode();
        for (int i = 0; i < 200; i++) {
            int track = random.nextInt(40);
            ObjectNode item = items.addObject()
                    .put(
                            "played_at",
                            moment(random).plusMillis(random.nextInt(1000)).toString());
            ObjectNode named = item.putObject("track")
                    .put("uri", "spotify:track:" + track)
                    .put("name", "Track " + track)
                    .put("duration_ms", 100_000 + track)
                    .put("explicit", track % 2 == 0);
            if (random.nextBoolean()) {
                named.put("popularity", random.nextInt(101));
            }
            named.putArray("artists").addObject().put("name", "Singer " + track);
            named.putObject("album")
                    .put("name", "Album")
                    .putArray("artists")
                    .addObject()
                    .put("name", "Band " + track % 5);
            item.putObject("context").put("uri", "spotify:playlist:" + random.nextInt(3));
        }
        return items;
    }

    /** A track that is renamed for one listener only, and a play that a poll and an export report. */
    private static ArrayNode renamed(int year, String name) {
        ArrayNode lines = JSON.createArrayNode();
        for (int day = 1; day < 9; day++) {
            lines.add(extendedLine(
                    year + "-06-0" + day + "T10:00:00Z", 61_000, "spotify:track:renamed", name, "Band", "Album"));
        }
        return lines;
    }

    /** Uses few enough minutes that plays of several sources, tracks and documents coincide. */
    private static Instant moment(Random random) {
        return Instant.parse("2021-12-31T20:00:00Z").plusSeconds(random.nextInt(30_000));
    }
}
