package tracklog.demo;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.main.Main;
import tracklog.Settings;

/** What the demo sets and adds. */
public final class Demo {

    /** The environment may move the demo, never lead it to real data or a real account. */
    private static final Set<String> FROM_ENVIRONMENT = Set.of(
            "HTTP_HOST",
            "HTTP_PORT",
            "MANAGEMENT_PORT",
            "DATABASE_PORT",
            "POSTGRES_BINARIES",
            "ROUTES",
            "TIME_ZONE",
            "INBOX_DELAY",
            "DASHBOARD_PASSWORD");

    /** For so long before the start the made-up person has been listening without a pause. */
    private static final Duration EVENING = Duration.ofHours(3);

    private Demo() {}

    /** The settings of the demo, in the folder that {@code DEMO_DIR} names (default: demo). */
    public static Settings settings(Map<String, String> environment) throws IOException {
        Properties demo = new Properties();
        try (InputStream in = Demo.class.getResourceAsStream("/demo/settings.properties")) {
            demo.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        demo.forEach((name, value) -> settings.put((String) name, (String) value));
        settings.put("DATA_DIR", environment.getOrDefault("DEMO_DIR", "demo"));
        for (String name : FROM_ENVIRONMENT) {
            if (!environment.getOrDefault(name, "").isBlank()) {
                settings.put(name, environment.get(name));
            }
        }
        return new Settings(settings);
    }

    /** Adds the stand-in for Spotify, its routes included. */
    public static void addTo(Main main, ZoneId timeZone) {
        MadeUpListening listening = new MadeUpListening(timeZone, Instant.now().minus(EVENING));
        main.bind("standIn", new StandIn(listening));
        main.bind("sampleExport", new SampleExport(listening));
        main.addOverrideProperty(
                "camel.main.routes-include-pattern", "file:{{ROUTES}}/*.camel.yaml,file:{{ROUTES}}/demo/*.camel.yaml");
    }
}
