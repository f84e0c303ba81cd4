package tracklog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that every route file opens in Kaoto, has descriptions and names only things that exist. */
class RoutesTest {

    private static final Path ROUTES = Path.of("routes");
    private static final Path SQL = Path.of("src/main/resources/sql");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([^}:]+)(:[^}]*)?}}");
    private static final Pattern BINDING = Pattern.compile("\\bbind\\(\\s*\"([^\"]+)\"");
    private static final Pattern BEAN =
            Pattern.compile("^#(?:bean:)?([a-z]\\w*)$|\\$\\{bean:(?!type:)(\\w+)|\\bref:(\\w+)");
    private static final Pattern BEAN_TYPE = Pattern.compile("\\$\\{bean:type:([\\w.]+)");
    private static final Pattern STATEMENT = Pattern.compile("classpath:(sql/[\\w/.-]+)");

    private static JsonSchema schema;
    private static String classes;
    private static Set<String> beans;
    private static Set<String> settings;

    @BeforeAll
    static void whatThereIs() throws IOException {
        try (InputStream in = RoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
        }
        classes = files(Path.of("src/main/java"), ".java").map(RoutesTest::read).collect(Collectors.joining("\n"));
        beans = BINDING.matcher(classes).results().map(match -> match.group(1)).collect(Collectors.toSet());
        for (Path file : routeFiles().toList()) {
            YAML.readTree(read(file))
                    .findValues("beans")
                    .forEach(list -> list.findValues("name").forEach(name -> beans.add(name.asText())));
        }
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(Path.of("src/main/resources/application.properties")));
        settings = properties.stringPropertyNames();
    }

    static Stream<Path> routeFiles() throws IOException {
        return files(ROUTES, ".camel.yaml");
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void aRouteFileHasNoMistake(Path file) throws IOException {
        assertThat(mistakes(file.getFileName().toString(), read(file))).isEmpty();
    }

    @Test
    void idsAreUniqueAndEachDirectRouteThatIsCalledExists() throws IOException {
        List<String> ids = new ArrayList<>();
        Set<String> names = new HashSet<>();
        TreeMap<String, Path> calls = new TreeMap<>();
        for (Path file : routeFiles().toList()) {
            for (JsonNode element : YAML.readTree(read(file))) {
                if (element.has("route")) {
                    ids.add(element.path("route").path("id").asText());
                    direct(element.path("route").path("from")).ifPresent(names::add);
                }
            }
            walk(YAML.readTree(read(file)), (key, node) -> {
                if (!key.equals("from")) {
                    direct(node).ifPresent(name -> calls.put(name, file));
                }
            });
        }
        assertThat(ids).doesNotHaveDuplicates().isNotEmpty();
        assertThat(calls.keySet())
                .isNotEmpty()
                .allSatisfy(name ->
                        assertThat(names).as("called by %s", calls.get(name)).anyMatch(inPlaceOf(name)));
    }

    @Test
    void everyStatementIsUsed() throws IOException {
        String users = read(Path.of("src/main/resources/web/openapi.yaml"))
                + classes
                + routeFiles().map(RoutesTest::read).collect(Collectors.joining("\n"));
        assertThat(files(SQL, ".sql")
                        .map(file -> SQL.relativize(file).toString().replaceFirst("\\.sql$", "")))
                .isNotEmpty()
                .allMatch(
                        name -> users.contains("sql/" + name + ".sql")
                                || users.contains('"' + name + '"')
                                || users.contains("/" + name + ":\n")
                                || users.contains("x-statement: " + name.replaceFirst("^panels/", "") + "\n"),
                        "is used by a route or a class");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id: merge-documents                  | id: other                | is not the name of the file",
                "    id: merge-documents              |                          | has no id",
                "    description: Reads documents side by side, merges what they hold and closes their import rows, in"
                        + " one transaction"
                        + " | | has no description",
                "classpath:sql/hold-import.sql        | classpath:sql/hold.sql   | there is no sql/hold.sql",
                "simple: `${variable.documents}`      | simple: `${bean:outbox}` | there is no bean outbox",
                "simple: `${variable.documents}`      | simple: `{{NOWHERE}}`    | there is no setting NOWHERE",
                "simple: `${variable.documents}`      | simple: `#nothing`       | there is no bean nothing",
                "uri: direct                          | uri: direct:a?timeout=1  | parameters in its uri",
                "variableReceive: counts              | variableReceives: counts | variableReceives",
                "            steps:                   | stepz:                   | not defined in the schema",
                "tracklog.document.NoHistoryException | tracklog.NoException | there is no class tracklog.NoException",
                "- route:                             | - rout:                  | not defined in the schema",
            })
    void eachKindOfMistakeIsFound(String right, String wrong, String complaint) {
        String file = read(ROUTES.resolve("merge-documents.camel.yaml"));
        String find = right.replace('`', '"');
        assertThat(file).contains(find);
        String indent = find.substring(0, find.length() - find.stripLeading().length());
        String mistaken = file.replaceFirst(
                "(?m)" + Pattern.quote(find),
                Matcher.quoteReplacement(wrong == null ? "" : indent + wrong.replace('`', '"')));
        assertThat(mistakes("merge-documents.camel.yaml", mistaken)).anyMatch(mistake -> mistake.contains(complaint));
    }

    private static List<String> mistakes(String fileName, String text) {
        List<String> mistakes = new ArrayList<>();
        JsonNode file;
        try {
            file = YAML.readTree(text);
        } catch (IOException e) {
            return List.of(e.getMessage());
        }
        // A placeholder may stand where the schema wants a number or a flag; Camel resolves it before it looks.
        schema.validate(file).stream()
                .filter(message -> !(message.getType().equals("type")
                        && message.getInstanceNode().asText().matches("\\{\\{\\w+}}")))
                .forEach(message -> mistakes.add(message.getMessage()));
        boolean first = true;
        for (JsonNode element : file) {
            if (!element.has("route") && !element.has("routeConfiguration")) {
                continue;
            }
            JsonNode route = element.elements().next();
            String id = route.path("id").asText("");
            if (id.isEmpty()) {
                mistakes.add("a route has no id");
            }
            if (route.path("description").asText("").isBlank()) {
                mistakes.add(id + " has no description");
            }
            if (first && element.has("route") && !fileName.equals(id + ".camel.yaml")) {
                mistakes.add("the id of the first route, " + id + ", is not the name of the file");
            }
            first = false;
        }
        walk(file, (key, node) -> {
            if (node.isTextual()) {
                mistakes.addAll(wrongReferences(key, node.asText()));
            }
        });
        walk(
                file,
                (key, node) -> classNames(key, node)
                        .filter(name -> !isClass(name))
                        .forEach(name -> mistakes.add("there is no class " + name)));
        return mistakes;
    }

    /** What is wrong with the text that stands under a key. */
    private static List<String> wrongReferences(String key, String text) {
        List<String> mistakes = new ArrayList<>();
        if (key.equals("uri") && text.contains("?")) {
            mistakes.add(text + " has parameters in its uri");
        }
        if (Set.of("ref", "beanName").contains(key) && !beans.contains(text)) {
            mistakes.add("there is no bean " + text);
        }
        BEAN.matcher(text).results().forEach(match -> {
            String name = Stream.of(match.group(1), match.group(2), match.group(3))
                    .filter(group -> group != null)
                    .findFirst()
                    .orElseThrow();
            if (!beans.contains(name)) {
                mistakes.add("there is no bean " + name);
            }
        });
        PLACEHOLDER.matcher(text).results().map(match -> match.group(1)).forEach(name -> {
            if (!settings.contains(name)) {
                mistakes.add("there is no setting " + name);
            }
        });
        STATEMENT.matcher(text).results().map(match -> match.group(1)).forEach(name -> {
            if (Files.notExists(SQL.resolveSibling(name))) {
                mistakes.add("there is no " + name);
            }
        });
        return mistakes;
    }

    /** The classes that stand under a key, or in its text. */
    private static Stream<String> classNames(String key, JsonNode node) {
        if (key.equals("exception")) {
            return node.valueStream().map(JsonNode::asText);
        }
        return Set.of("beanType", "exceptionType").contains(key)
                ? Stream.of(node.asText())
                : BEAN_TYPE.matcher(node.asText()).results().map(match -> match.group(1));
    }

    /** Tells which names a call can mean, some of whose parts are known only at run time. */
    private static Predicate<String> inPlaceOf(String name) {
        return Pattern.compile(name.replaceAll("\\$\\{[^}]*}", ".+")).asMatchPredicate();
    }

    private static Optional<String> direct(JsonNode endpoint) {
        String uri = endpoint.path("uri").asText("");
        if (uri.equals("direct")) {
            return Optional.of(endpoint.path("parameters").path("name").asText());
        }
        return Optional.of(uri)
                .filter(text -> text.startsWith("direct:"))
                .map(text -> text.substring("direct:".length()));
    }

    private static void walk(JsonNode node, BiConsumer<String, JsonNode> visit) {
        node.properties().forEach(field -> {
            visit.accept(field.getKey(), field.getValue());
            walk(field.getValue(), visit);
        });
        if (node.isArray()) {
            node.forEach(element -> walk(element, visit));
        }
    }

    private static boolean isClass(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static Stream<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
