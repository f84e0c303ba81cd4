package tracklog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"Z", "+02:00", "GMT+2", "Mars/Base"})
    void aTimeZoneIsAName(String zone) {
        Settings settings = new Settings(Map.of("TIME_ZONE", zone));
        assertThatThrownBy(settings::timeZone)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + zone + "\"; it must be a name like Europe/Stockholm");
    }

    @Test
    void aTimeZoneThatIsNoneOfEuropeIsOneToo() {
        assertThat(new Settings(Map.of("TIME_ZONE", "Pacific/Auckland")).timeZone())
                .hasToString("Pacific/Auckland");
    }
}
