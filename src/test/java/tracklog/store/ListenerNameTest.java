package tracklog.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "me",
                "m%65",
                "a+b",
                "a  b",
                " a ",
                "../a/b\\c:d|e. ",
                "..",
                "A\u030Asa",
                "Åsa 東京",
                "%",
                "%zz",
                "🚢",
                "a\u00A0b",
                "con. "
            })
    void aFolderNamesItsListener(String name) {
        String folder = ListenerName.folder(name);
        assertThat(folder).doesNotContain("/", "\\", ":").isNotEqualTo("..");
        assertThat(ListenerName.ofFolder(folder)).isEqualTo(name);
        assertThat(ListenerName.ofPath("listeners/" + folder + "/a.json")).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"' My  friend ',My friend", "A\u030Asa,Åsa", "m%65,me", "100%,100%"})
    void aFolderThatAPersonMadeNamesTheListenerThatTheyMean(String folder, String name) {
        assertThat(ListenerName.ofFolder(folder)).isEqualTo(name);
    }

    @Test
    void aPathOutsideListenersBelongsToNobody() {
        assertThat(ListenerName.ofPath("a.json")).isNull();
        assertThat(ListenerName.ofPath("listeners/a.json")).isBlank();
        assertThat(ListenerName.ofPath("listeners//a.json")).isBlank();
        assertThat(ListenerName.ofPath("listeners/%20/a.json")).isBlank();
    }

    @ParameterizedTest
    @CsvSource({"me,true", "Åsa 東京,true", ".hidden,false", "a/b,false", "'',false"})
    void aNameMayBeGiven(String name, boolean valid) {
        assertThat(ListenerName.isValid(name)).isEqualTo(valid);
    }
}
