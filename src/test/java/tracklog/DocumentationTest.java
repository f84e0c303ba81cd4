package tracklog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the documentation with the program: settings and their defaults, secrets, routes, tables, and links. */
class DocumentationTest {

    private static final Path CONFIGURATION = Path.of("docs/configuration.md");

    @Test
    void everySettingIsDocumentedWithItsDefaultAndNoOther() throws IOException {
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(Path.of("src/main/resources/application.properties")));
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((name, value) -> {
            if (!name.toString().startsWith("camel.")) {
                settings.put(name.toString(), value.toString());
            }
        });
        Map<String, String> documented = new TreeMap<>();
        assertThat(matches("(?m)^\\| `([A-Z0-9_]+)` \\|", Files.readString(CONFIGURATION))
                        .map(row -> row.group(1)))
                .doesNotHaveDuplicates();
        matches("(?m)^\\| `([A-Z0-9_]+)` \\| (?:`([^`]*)` )?\\| [^|]+\\|$", Files.readString(CONFIGURATION))
                .forEach(row -> documented.put(row.group(1), row.group(2) == null ? "" : row.group(2)));
        assertThat(documented).isEqualTo(settings);
    }

    @Test
    void everySecretIsDocumentedAndNoOther() throws IOException {
        var documented = matches("(?m)^\\| `([A-Z0-9_]+)` \\| [^|]+\\|$", Files.readString(CONFIGURATION))
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var used = new TreeSet<String>();
        for (Path file : files("src/main/java", ".java")) {
            matches("\\bsecret\\(\"([A-Z0-9_]+)\"\\)", Files.readString(file))
                    .forEach(match -> used.add(match.group(1)));
        }
        assertThat(documented).isEqualTo(used);
    }

    @Test
    void theArchitectureNamesEveryRouteFileAndTable() throws IOException {
        String architecture = Files.readString(Path.of("docs/architecture.md"));
        for (Path file : files("routes", ".camel.yaml")) {
            assertThat(architecture)
                    .contains("`" + file.getFileName().toString().replace(".camel.yaml", "") + "`");
        }
        for (Path migration : files("src/main/resources/db/migration", ".sql")) {
            matches("(?m)^create (?:or replace view|table) (\\w+)", Files.readString(migration))
                    .forEach(table -> assertThat(architecture).contains("`" + table.group(1) + "`"));
        }
    }

    @Test
    void everyLinkToAFileLeadsToOne() throws IOException {
        for (Path page : Stream.concat(files("docs", ".md").stream(), Stream.of(Path.of("README.md")))
                .toList()) {
            matches("(?:\\]\\(|(?:src|srcset|href)=\")([^)\"#]+)", Files.readString(page))
                    .map(link -> link.group(1))
                    .filter(link -> !link.matches("https?:.*|mailto:.*"))
                    .forEach(link -> assertThat(page.resolveSibling(link))
                            .as("linked from " + page)
                            .exists());
        }
        assertThat(Files.readString(Path.of("README.md"))).contains("(docs/configuration.md)", "docs/data-flow.svg");
    }

    private static Stream<MatchResult> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results();
    }

    private static java.util.List<Path> files(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
