package tracklog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The settings. Environment variables override the defaults of {@code application.properties}.
 *
 * <p>Secrets never become Camel properties, because route dumps print what a placeholder resolved to.
 */
public final class Settings {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

    private final Map<String, String> environment;
    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> stored;

    /** Reads settings whose secrets are variables and files only: {@code AWS_SECRET_NAME} is refused. */
    public Settings(Map<String, String> environment) {
        this(environment, name -> {
            throw new IllegalArgumentException("AWS_SECRET_NAME is set, and this command reads no secret from AWS.");
        });
    }

    /**
     * Reads the settings.
     *
     * @param secretStore returns the secrets, by name, that the value of {@code AWS_SECRET_NAME} stands for; called
     *     only where that is set
     * @throws IllegalArgumentException if the defaults or the secret cannot be read or a value refers to an unknown
     *     setting
     */
    public Settings(Map<String, String> environment, Function<String, Map<String, String>> secretStore) {
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
        values.replace("TIME_ZONE", "", ZoneId.systemDefault().getId());
        stored = get("AWS_SECRET_NAME").isEmpty() ? Map.of() : secretStore.apply(get("AWS_SECRET_NAME"));
        takeDatabaseOfSecret();
        if (!get("LOG_FORMAT").equals("text") && !get("LOG_FORMAT").equals("json")) {
            throw new IllegalArgumentException("LOG_FORMAT must be text or json and is \"" + get("LOG_FORMAT") + "\".");
        }
    }

    /** Reads the names that Tracklog's predecessor used in its secret. The environment overrides them. */
    private void takeDatabaseOfSecret() {
        if (get("DATABASE_URL").isEmpty() && stored.containsKey("HOST_IP") && stored.containsKey("DB_NAME")) {
            values.put("DATABASE_URL", "jdbc:postgresql://" + stored.get("HOST_IP") + "/" + stored.get("DB_NAME"));
        }
        if (environment.getOrDefault("DATABASE_USER", "").isBlank() && stored.containsKey("DB_USER_NAME")) {
            values.put("DATABASE_USER", stored.get("DB_USER_NAME"));
        }
    }

    /** Returns the settings that are not secret, by name. */
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

    /** Returns the listener's time zone, else the system's. Offsets are refused: PostgreSQL counts them westwards. */
    public ZoneId timeZone() {
        String zone = get("TIME_ZONE");
        if (!ZoneId.getAvailableZoneIds().contains(zone)) {
            throw new IllegalArgumentException("TIME_ZONE"
                    + (environment.getOrDefault("TIME_ZONE", "").isBlank() ? " is not set, and the system's is" : " is")
                    + " \"" + zone + "\"; it must be a name like Europe/Stockholm.");
        }
        return ZoneId.of(zone);
    }

    /**
     * Returns the setting {@code PREFIX_URL}, a JDBC URL.
     *
     * @throws IllegalArgumentException if it is not a JDBC URL for PostgreSQL
     */
    public String postgresUrl(String prefix) {
        String url = get(prefix + "_URL");
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(String.format(
                    "%1$s_URL must look like jdbc:postgresql://host:5432/database; the user goes into %1$s_USER and the"
                            + " password into %1$s_PASSWORD.",
                    prefix));
        }
        return url;
    }

    /**
     * Returns a secret from the variable of that name, else from the file that {@code NAME_FILE} names, else from AWS.
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
            String elsewhere = name.equals("DATABASE_PASSWORD") ? stored.get("DB_USER_PASSWORD") : stored.get(name);
            return Optional.of(value).filter(s -> !s.isEmpty()).or(() -> Optional.ofNullable(elsewhere));
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
