package tracklog.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"ts\": 1, \"ms_played\": 2} | EXTENDED_HISTORY",
                "{\"ts\": 1, \"spotify_track_uri\": null} | EXTENDED_HISTORY",
                "{\"endTime\": 1, \"msPlayed\": 2} | ACCOUNT_DATA",
                "{\"endTime\": 1, \"episodeName\": 2} | ACCOUNT_DATA",
                "{\"played_at\": 1, \"track\": {}} | RECENTLY_PLAYED",
            })
    void twoTellingFieldsAreEnough(String line, Format format) throws Exception {
        assertThat(Format.of(new ObjectMapper().readTree(line))).contains(format);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "1",
                "null",
                "{\"ts\": 1}",
                "{\"endTime\": 1, \"ts\": 2}",
                "{\"artistName\": 1, \"trackName\": 2}"
            })
    void whatElseThereIsHasNoFormat(String line) throws Exception {
        assertThat(Format.of(new ObjectMapper().readTree(line))).isEmpty();
    }

    @Test
    void theBooksNameItInLowerCase() {
        assertThat(Format.EXTENDED_HISTORY.label()).isEqualTo("extended_history");
        assertThat(Format.EXTENDED_HISTORY.source()).isEqualTo("export");
    }
}
