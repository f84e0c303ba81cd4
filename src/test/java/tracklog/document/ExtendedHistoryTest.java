package tracklog.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtendedHistoryTest {

    private static final String LINE = "{\"ts\": \"2024-06-24T12:00:00Z\", \"ms_played\": %s, \"offline\": %s,"
            + " \"offline_timestamp\": %s, \"spotify_track_uri\": \"spotify:track:a\"}";

    /** 1719226800 is 11:00 on that day. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "60000, true, 1719226800, 2024-06-24T11:00:00Z, 2024-06-24T11:01:00Z, 2024-06-24T12:00:00Z",
                "60000, true, 1719226800123, 2024-06-24T11:00:00.123Z, 2024-06-24T11:01:00.123Z, 2024-06-24T12:00:00Z",
                "60000, false, 1719226800, 2024-06-24T11:00:00Z, 2024-06-24T12:00:00Z, -",
                "60000, null, 1719226800, 2024-06-24T11:00:00Z, 2024-06-24T12:00:00Z, -",
                // Its length is not known, and so neither is its end.
                "null, true, 1719226800, 2024-06-24T11:00:00Z, 2024-06-24T12:00:00Z, -",
                // It ends when it is reported, or up to two seconds later by another clock.
                "3600000, true, 1719226800, 2024-06-24T11:00:00Z, 2024-06-24T12:00:00Z, 2024-06-24T12:00:00Z",
                "3602000, true, 1719226800, 2024-06-24T11:00:00Z, 2024-06-24T12:00:00Z, 2024-06-24T12:00:00Z",
                // 400 days before
                "60000, true, 1684670400, 2023-05-21T12:00:00Z, 2023-05-21T12:01:00Z, 2024-06-24T12:00:00Z",
            })
    void anOfflinePlayEndedItsLengthAfterItsStart(
            String length, String offline, String start, String startedAt, String playedAt, String reportedAt) {
        ObjectNode columns = read(LINE.formatted(length, offline, start));
        assertThat(columns.path("started_at").textValue()).isEqualTo(startedAt);
        assertThat(columns.path("played_at").textValue()).isEqualTo(playedAt);
        assertThat(columns.path("reported_at").textValue()).isEqualTo(reportedAt);
        assertThat(columns.has("extra")).isFalse();
        assertThat(read(ExtendedHistory.write(columns).toString())).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({
        // after it is reported, and before all that is believed
        "60000, 1719230401, 2024-06-24T12:00:01Z",
        "60000, 1684670399, 2023-05-21T11:59:59Z",
        // It would end 2.001 seconds after it is reported.
        "3602001, 1719226800, 2024-06-24T11:00:00Z",
    })
    void aMomentThatCannotBeTheStartIsKept(String length, String start, String moment) {
        ObjectNode columns = read(LINE.formatted(length, "true", start));
        assertThat(columns.path("played_at").textValue()).isEqualTo("2024-06-24T12:00:00Z");
        assertThat(columns.has("started_at")).isFalse();
        assertThat(columns.has("reported_at")).isFalse();
        assertThat(columns.path("offline_timestamp").textValue()).isEqualTo(moment);
        assertThat(read(ExtendedHistory.write(columns).toString())).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({
        "60000, 1136073599",
        "60000, -1",
        "60000, -62135596800000000",
        "60000, 18446744073709551616",
        "60000, 1719226800.5",
        "60000, true",
        "60000, [1719226800]",
    })
    void whatIsNoMomentIsKeptAsItStands(String length, String start) {
        ObjectNode columns = read(LINE.formatted(length, "true", start));
        assertThat(columns.path("played_at").textValue()).isEqualTo("2024-06-24T12:00:00Z");
        assertThat(columns.has("started_at")).isFalse();
        assertThat(columns.has("reported_at")).isFalse();
        assertThat(columns.path("extra").path("offline_timestamp")).hasToString(start);
        assertThat(read(ExtendedHistory.write(columns).toString())).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({"0", "null", "\"\""})
    void aStartThatMeansNothingIsDropped(String start) {
        assertThat(read(LINE.formatted("60000", "true", start)).has("extra")).isFalse();
    }

    @Test
    void eachKindOfContentIsWrittenAsItWasRead() throws Exception {
        for (String content : new String[] {
            "\"spotify_track_uri\": \"spotify:local:a\", \"master_metadata_track_name\": \"N\"",
            "\"spotify_track_uri\": \"spotify:track:a\", \"master_metadata_album_artist_name\": \"A\","
                    + " \"master_metadata_album_album_name\": \"B\"",
            "\"spotify_episode_uri\": \"spotify:episode:a\", \"episode_name\": \"N\", \"episode_show_name\": \"S\"",
            "\"audiobook_chapter_uri\": \"spotify:episode:b\", \"audiobook_title\": \"T\", \"audiobook_uri\": \"U\"",
        }) {
            String line = "{\"ts\": \"2024-06-24T12:00:00Z\", \"ms_played\": 1, \"platform\": \"ios\","
                    + " \"conn_country\": \"SE\", \"skipped\": true, \"incognito_mode\": false, \"new\": 1.5, "
                    + content + "}";
            ObjectNode columns = read(line);
            ObjectNode written = ExtendedHistory.write(columns);
            written.removeNulls();
            assertThat(DocumentReader.JSON.readTree(written.toString())).isEqualTo(DocumentReader.JSON.readTree(line));
            assertThat(read(written.toString())).isEqualTo(columns);
        }
    }

    private static ObjectNode read(String line) {
        try {
            return DocumentReader.columns(Format.EXTENDED_HISTORY, DocumentReader.JSON.readTree(line), 0);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
