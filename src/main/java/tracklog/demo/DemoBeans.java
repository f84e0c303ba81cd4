package tracklog.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.camel.main.Main;
import tracklog.Settings;

/** Adds a stand-in for Spotify and a generated export to the program, and the routes that use them. */
public final class DemoBeans {

    /** The program itself calls its stand-in for Spotify, without a session. */
    public static final Set<String> OPEN_PATHS = Set.of("/demo/");

    /** The listener plays without a pause from this long before the start. */
    private static final Duration EVENING = Duration.ofHours(3);

    private DemoBeans() {}

    public static void bind(Main main, Settings settings) {
        MadeUpListening listening =
                new MadeUpListening(settings.timeZone(), Instant.now().minus(EVENING));
        main.bind("standIn", new StandIn(listening));
        main.bind("sampleExport", new SampleExport(listening));
        main.addOverrideProperty(
                "camel.main.routes-include-pattern", "file:{{ROUTES}}/*.camel.yaml,file:{{ROUTES}}/demo/*.camel.yaml");
    }
}
