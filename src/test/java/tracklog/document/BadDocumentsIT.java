package tracklog.document;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tracklog.TestProgram;
import tracklog.intake.InboxDriver;

/** Imports broken and unusual documents through the real route. Each needs a clear reason, and nothing may be lost. */
class BadDocumentsIT {

    private static TestProgram program;
    private static InboxDriver dropping;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        dropping = new InboxDriver(program);
    }

    /** Afterwards the program imports the next valid document. Nothing may show whose history it is. */
    @AfterAll
    static void goesOn() throws Exception {
        try {
            dropping.drop("last.json", Lines.array(900_000, 900_003));
            assertThat(dropping.done("last.json")).containsEntry("inserted", 3L);
            assertThat(program.number("select count(*) from import where state = 'running'"))
                    .isZero();
        } finally {
            program.close();
        }
    }

    @Test
    void anEmptyFileFails() throws Exception {
        dropping.drop("empty.json", "");
        assertThat(dropping.failed("empty.json")).isEqualTo("It is empty. Copy or download it again.\n");
    }

    @Test
    void anEmptyListIsDone() throws Exception {
        dropping.drop("none.json", "[]");
        assertThat(dropping.done("none.json")).containsEntry("lines_read", 0L).containsEntry("format", "empty");
    }

    @Test
    void aTruncatedListFailsWithNothingImported() throws Exception {
        String whole = Lines.array(0, 50);
        dropping.drop("truncated.json", whole.substring(0, whole.length() - 300));
        assertThat(dropping.failed("truncated.json"))
                .isEqualTo("It ends too early, after 49 complete lines. Copy or download it again.\n");
        assertThat(dropping.books("truncated.json"))
                .containsEntry("state", "failed")
                .containsEntry("inserted", 0L);
        assertThat(program.number("select count(*) from play where played_at < '2011-03-01T12:00Z'"))
                .isZero();
    }

    @Test
    void whatFollowsTheEndFails() throws Exception {
        dropping.drop("two.json", Lines.array(100, 102) + Lines.array(102, 104));
        assertThat(dropping.failed("two.json")).startsWith("There is more text after its end (text line 2, column ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.json", "NO.JSON"})
    void whatIsCalledJsonAndIsNoneFails(String name) throws Exception {
        dropping.drop(name, "Dear listener, 198.51.100.7");
        assertThat(dropping.failed(name))
                .startsWith("It is not valid JSON (text line 1, column ")
                .contains("Nothing was imported")
                .doesNotContain("Dear")
                .doesNotContain("198");
    }

    @Test
    void whatHoldsNoHistoryIsLeftAlone() throws Exception {
        Map<String, String> documents = Map.of(
                "ReadMe.pdf", "%PDF-1.7",
                "notes.txt", "Hello, [world]",
                "settings.ini", "[section]",
                "table.csv", "2024,1,2",
                "Playlist1.json", "{\"playlists\": [{\"name\": \"A\", \"items\": []}]}",
                "Marquee.json", "[{\"artistName\": \"A\", \"segment\": \"B\"}]",
                "number.json", "12");
        for (var document : documents.entrySet()) {
            dropping.drop(document.getKey(), document.getValue());
        }
        for (String name : documents.keySet()) {
            assertThat(dropping.books(name)).containsEntry("state", "no_history");
        }
        Thread.sleep(1_000);
        for (String name : documents.keySet()) {
            assertThat(program.inbox().resolve(name)).hasContent(documents.get(name));
            assertThat(program.number("select count(*) from import where document = ?", name))
                    .isOne();
        }
    }

    @Test
    void everyEncodingOfJsonIsRead() throws Exception {
        String text = "[" + Lines.line(200).replace("Song", "Växel 🚢") + "]";
        Map<String, byte[]> documents = Map.of(
                "utf8-bom.json", encoded("\uFEFF" + text, UTF_8),
                "utf16-be.json", encoded("\uFEFF" + text, UTF_16BE),
                "utf16-le.json", encoded("\uFEFF" + text, UTF_16LE),
                "utf16-le-without-mark.json", encoded(text, UTF_16LE),
                "utf32.json", encoded("\uFEFF" + text, Charset.forName("UTF-32BE")));
        for (var document : documents.entrySet()) {
            dropping.drop(document.getKey(), document.getValue());
        }
        for (String name : documents.keySet()) {
            assertThat(dropping.done(name)).containsEntry("lines_read", 1L).containsEntry("rejected", 0L);
        }
        assertThat(program.rows("select name from track where name like 'Växel%'"))
                .containsExactly(Map.of("name", "Växel 🚢 " + 200L * 200 % 2_003));
        assertThat(program.number("select count(*) from play join track using (track_id) where name like 'Växel%'"))
                .isOne();
    }

    private static byte[] encoded(String text, Charset charset) {
        return text.getBytes(charset);
    }

    @Test
    void invalidUtf8FailsWithItsPlace() throws Exception {
        String text = Lines.array(300, 303).replace("Song", "V\u00e4xel");
        dropping.drop("latin1.json", text.getBytes(ISO_8859_1));
        assertThat(dropping.failed("latin1.json"))
                .startsWith("It is not valid JSON (text line 1, column ")
                .contains("UTF-8");
        assertThat(dropping.books("latin1.json")).containsEntry("inserted", 0L);
    }

    @Test
    void textThatPostgresCannotStoreIsRepaired() throws Exception {
        dropping.drop(
                "odd.json",
                "[" + with(400, "master_metadata_track_name", "\"a\\u0000b\\ud83dc\"") + ","
                        + with(401, "platform", "\"\\u0000\"") + ","
                        + with(402, "new_field", "{\"x\\u0000\": [\"\\udc00\", 1, null, 1e999, 0.1]}") + ","
                        + with(403, "master_metadata_track_name", "\"tab\\tline\\nback\\\\slash\\r\\\\.\"") + "]");
        assertThat(dropping.done("odd.json")).containsEntry("inserted", 4L);
        assertThat(program.rows("select name from track where name like 'a%' or name like 'tab%' order by name"))
                .containsExactly(Map.of("name", "ab\uFFFDc"), Map.of("name", "tab\tline\nback\\slash\r\\."));
        assertThat(program.rows("select extra::text from play where played_at >= '2011-03-01'"
                        + " and extra is not null and ms_played = 1402"))
                .containsExactly(Map.of("extra", "{\"new_field\": {\"x\": [\"\uFFFD\", 1, null, \"1e999\", 0.1]}}"));
    }

    @Test
    void longTextIsNeverCut() throws Exception {
        String name = "n".repeat(200) + "🚢".repeat(200);
        String uri = "spotify:local:" + "u".repeat(5_000);
        dropping.drop(
                "long.json",
                "[" + with(500, "master_metadata_track_name", "\"" + name + "\"") + ","
                        + with(501, "spotify_track_uri", "\"" + uri + "\"") + ","
                        + with(502, "spotify_track_uri", "\"" + uri + "\"") + ","
                        + with(503, "platform", "\"" + "p".repeat(500_000) + "\"") + "]");
        assertThat(dropping.done("long.json")).containsEntry("inserted", 4L);
        assertThat(program.number("select count(*) from track where name = ?", name))
                .isOne();
        assertThat(program.number(
                        "select count(*) from play join track using (track_id) where uri = ? and kind = 'local'", uri))
                .isEqualTo(2);
        assertThat(program.number("select max(length(platform)) from listening"))
                .isEqualTo(500_000);
    }

    @Test
    void aLineTooLongForAnyMemoryIsRejected() throws Exception {
        dropping.drop(
                "huge.json", "[" + Lines.line(600) + "," + with(601, "x", "\"" + "y".repeat(3 << 20) + "\"") + "]");
        assertThat(dropping.done("huge.json")).containsEntry("inserted", 1L).containsEntry("rejected", 1L);
        dropping.drop("deep.json", "[" + Lines.line(602) + "," + "[".repeat(100_000) + "]".repeat(100_000) + "]");
        assertThat(dropping.done("deep.json")).containsEntry("inserted", 1L).containsEntry("rejected", 1L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ms_played | \"214306\" | ms_played is no whole number",
                "ms_played | 1.5 | ms_played is no whole number",
                "ms_played | -1 | ms_played is out of range",
                "ms_played | 2147483648 | ms_played is out of range",
                "ms_played | 99999999999999999999999 | ms_played is out of range",
                "ts | 1719251000 | ts is missing or no text",
                "ts | null | ts is missing or no text",
                "ts | \"yesterday\" | ts is no date and time",
                "ts | \"2024-02-30T00:00:00Z\" | ts is no date and time",
                "ts | \"1969-12-31T23:59:59Z\" | ts is out of range",
                "ts | \"2100-01-01T00:00:00Z\" | ts is out of range",
                "ts | \"+99999-01-01T00:00:00Z\" | ts is out of range",
                "spotify_track_uri, master_metadata_track_name | null | it names no track, episode or chapter",
            })
    void aLineThatCannotBeAPlayIsKeptWithItsReason(String fields, String value, String reason) throws Exception {
        String bad = Lines.line(700);
        for (String field : List.of(fields.split(", ", -1))) {
            bad = replaced(bad, field, value);
        }
        String name = "rejected-" + Integer.toHexString((fields + value).hashCode()) + ".json";
        dropping.drop(name, "[" + Lines.line(701) + "," + bad + "]");
        assertThat(dropping.done(name)).containsEntry("lines_read", 2L).containsEntry("rejected", 1L);
        assertThat(program.rows(
                        "select reason, position, line like '%\"reason_end\"%' as kept,"
                                + " line like '%198.51%' as personal"
                                + " from rejected_line join import using (import_id) where document = ?",
                        name))
                .containsExactly(Map.of("reason", reason, "position", 1L, "kept", true, "personal", false));
    }

    @Test
    void aLineThatIsNoObjectIsKeptWithItsReason() throws Exception {
        dropping.drop("no-objects.json", "[12, \"text\", [1], null, " + Lines.line(800) + ", {}, true]");
        assertThat(dropping.done("no-objects.json"))
                .containsEntry("lines_read", 7L)
                .containsEntry("inserted", 1L)
                .containsEntry("rejected", 6L);
        assertThat(program.rows("select position, reason, line from rejected_line join import using (import_id)"
                        + " where document = 'no-objects.json' order by position"))
                .extracting(row -> row.get("position") + " " + row.get("line") + " " + row.get("reason"))
                .containsExactly(
                        "0 12 not an object",
                        "1 \"text\" not an object",
                        "2 [1] not an object",
                        "3 null not an object",
                        "5 {} ts is missing or no text",
                        "6 true not an object");
    }

    @Test
    void whatALineLacksOrHasInAnotherTypeCostsOnlyThatField() throws Exception {
        dropping.drop("sparse.json", """
                [{"ts": "2019-01-01T00:00:01Z", "spotify_track_uri": "spotify:track:sparse"},
                 {"ts": "2019-01-01T00:00:02Z", "spotify_track_uri": "spotify:track:sparse", "shuffle": "yes",
                  "offline_timestamp": 18446744073709551616, "platform": 7, "master_metadata_track_name": ["x"]}]""");
        assertThat(dropping.done("sparse.json")).containsEntry("inserted", 2L);
        assertThat(program.rows("select ms_played, shuffle, platform, extra::text from listening"
                                + " where played_at = '2019-01-01T00:00:02Z'")
                        .toString())
                .contains("ms_played=null", "shuffle=null", "platform=null")
                .contains("\"shuffle\": \"yes\"", "\"offline_timestamp\": 18446744073709551616", "\"platform\": 7")
                .contains("\"master_metadata_track_name\": [\"x\"]");
    }

    @Test
    void nothingPersonalIsStoredOrLogged() throws Exception {
        dropping.drop("personal.json", """
                [{"ts": "2019-02-01T00:00:01Z", "spotify_track_uri": "spotify:track:p", "ip_addr": "SECRET-1",
                  "ip_addr_decrypted": "SECRET-2", "username": "SECRET-3", "user_agent_decrypted": "SECRET-4",
                  "Username": "SECRET-5", "new": {"user_agent": "SECRET-6", "more": [{"ip_address": "SECRET-7"}]}},
                 {"ts": "never", "spotify_track_uri": "spotify:track:p", "ip_addr": "SECRET-8",
                  "deep": [{"username": "SECRET-9"}]}]""");
        assertThat(dropping.done("personal.json")).containsEntry("rejected", 1L);
        dropping.drop(
                "personal-broken.json", "[{\"ts\": \"2019\", \"spotify_track_uri\": \"a\", \"ip_addr\": SECRET-10}]");
        assertThat(dropping.failed("personal-broken.json")).doesNotContain("SECRET");
        for (var column : program.rows("select table_name, column_name from information_schema.columns"
                + " where table_schema = 'tracklog'"
                + " and data_type in ('text', 'jsonb', 'json', 'character varying')"
                + " and table_name in (select table_name from information_schema.tables"
                + " where table_type = 'BASE TABLE')")) {
            String found = "select count(*) from %s where %s::text like '%%SECRET%%'"
                    .formatted(column.get("table_name"), column.get("column_name"));
            assertThat(program.number(found)).as(found).isZero();
        }
        try (var logs = Files.walk(program.dataDir().resolve("postgres/log"))) {
            for (var log : logs.filter(Files::isRegularFile).toList()) {
                assertThat(log).content(ISO_8859_1).doesNotContain("SECRET");
            }
        }
    }

    private static String with(int number, String field, String value) {
        String line = Lines.line(number);
        return line.contains("\"" + field + "\"")
                ? replaced(line, field, value)
                : line.replaceFirst(
                        "\\{", "{\"" + field + "\": " + java.util.regex.Matcher.quoteReplacement(value) + ", ");
    }

    private static String replaced(String line, String field, String value) {
        return line.replaceFirst(
                "\"" + field + "\": (\"[^\"]*\"|[^,}]*)",
                java.util.regex.Matcher.quoteReplacement("\"" + field + "\": " + value));
    }
}
