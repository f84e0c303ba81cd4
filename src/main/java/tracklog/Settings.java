package tracklog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings: the environment over the defaults of {@code application.properties}.
 *
 * <p>Secrets are read here and handed to whoever needs them; they never become Camel properties, because route dumps
 * print what a placeholder resolved to.
 */
public final class Settings {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

    private final Map<String, String> environment;
    private final Map<String, String> values = new TreeMap<>();

    /** @throws IllegalArgumentException if the defaults cannot be read or a value refers to an unknown setting */
    public Settings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        Properties defaults = new Properties();
        try (InputStream in = Settings.class.getResourceAsStream("/application.properties")) {
            defaults.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("application.properties cannot be read", e);
        }
        for (String name : defaults.stringPropertyNames()) {
            if (!name.startsWith("camel.")) {
                String given = environment.getOrDefault(name, "").strip();
                values.put(name, given.isEmpty() ? defaults.getProperty(name).strip() : given);
            }
        }
        values.replaceAll((name, value) -> resolved(value));
        if (!get("LOG_FORMAT").equals("text") && !get("LOG_FORMAT").equals("json")) {
            throw new IllegalArgumentException("LOG_FORMAT must be text or json and is \"" + get("LOG_FORMAT") + "\".");
        }
    }

    /** The settings that are not secret, by name. */
    public Map<String, String> values() {
        return Map.copyOf(values);
    }

    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is no setting " + name + ".");
        }
        return value;
    }

    public int number(String name) {
        try {
            return Integer.parseInt(get(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number and is \"" + get(name) + "\".", e);
        }
    }

    public Path path(String name) {
        return Path.of(get(name)).toAbsolutePath().normalize();
    }

    /** The listener's time zone, the system's where none is set. */
    public ZoneId timeZone() {
        String setting = get("TIME_ZONE");
        try {
            return setting.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(setting);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "TIME_ZONE is \"" + setting + "\" and must be a name like Europe/Stockholm.", e);
        }
    }

    /**
     * A secret, from the variable of that name or from the file that {@code NAME_FILE} names.
     *
     * @throws IllegalArgumentException if both are set or the file cannot be read
     */
    public Optional<String> secret(String name) {
        String value = environment.getOrDefault(name, "").strip();
        String file = environment.getOrDefault(name + "_FILE", "").strip();
        if (!value.isEmpty() && !file.isEmpty()) {
            throw new IllegalArgumentException(name + " and " + name + "_FILE are both set; set only one of them.");
        }
        if (file.isEmpty()) {
            return Optional.of(value).filter(s -> !s.isEmpty());
        }
        try {
            return Optional.of(Files.readString(Path.of(file), UTF_8).strip()).filter(s -> !s.isEmpty());
        } catch (IOException e) {
            throw new IllegalArgumentException(name + "_FILE names " + file + ", which cannot be read: " + e, e);
        }
    }

    private String resolved(String value) {
        return PLACEHOLDER
                .matcher(value)
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(resolved(get(match.group(1)))));
    }
}
