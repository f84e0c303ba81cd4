package tracklog.demo;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import tracklog.Settings;
import tracklog.store.TextResource;

/** The settings of the demo. */
public final class Demo {

    /** The settings that the environment may change: none of them leads to real data or a real account. */
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

    private Demo() {}

    /** Reads the settings; the data is in the folder that {@code DEMO_DIR} names (default: demo). */
    public static Settings settings(Map<String, String> environment) throws IOException {
        Properties demo = new Properties();
        demo.load(new StringReader(TextResource.read("demo/settings.properties")));
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
}
