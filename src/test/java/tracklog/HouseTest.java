package tracklog;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks the rules of the source tree: dependencies, lengths, and what must not be written at all. */
class HouseTest {

    private static final Path JAVA = Path.of("src/main/java");
    private static final Path ROUTES = Path.of("routes");

    /** What each package, and each class of the root, may use. Tracklog and Program may use all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("Settings", Set.of()),
            Map.entry("store", Set.of("Settings")),
            Map.entry("document", Set.of("store")),
            Map.entry("merge", Set.of("Settings", "store", "document")),
            Map.entry("intake", Set.of("Settings", "store", "document")),
            Map.entry("spotify", Set.of("Settings", "store", "document")),
            Map.entry("aws", Set.of("Settings", "store", "document", "intake")),
            Map.entry("OneShot", Set.of("Settings", "store", "intake", "merge")),
            Map.entry("backup", Set.of("Settings", "store", "document", "intake", "merge", "OneShot")),
            Map.entry("web", Set.of("Settings", "store", "intake")),
            Map.entry("demo", Set.of("Settings", "store", "document", "web")),
            Map.entry(
                    "observe",
                    Set.of("Settings", "store", "document", "merge", "intake", "spotify", "aws", "backup", "web")));

    /** Statements that cannot be files: file and a part of the statement. */
    private static final Map<String, String> INLINE_SQL = Map.of();

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    private static final Pattern COMMENT = Pattern.compile("(?s)(\"(?:\\\\.|[^\"\\\\\n])*\")|/\\*.*?\\*/|//[^\n]*");
    private static final Pattern SEAM = Pattern.compile("\"\\s*\\+\\s*(?:[\\w.()]+\\s*\\+\\s*)*\"");
    private static final Pattern LITERAL = Pattern.compile("(?s)\"\"\"(.*?)\"\"\"|\"((?:\\\\.|[^\"\\\\\n])*)\"");
    private static final Pattern SQL =
            Pattern.compile("(?is)\\bselect\\b.+\\bfrom\\b|^\\s*select\\b|\\binsert\\s+into\\b"
                    + "|\\bupdate\\b.+\\bset\\b|\\bdelete\\s+from\\b|\\btruncate\\s+\\w|(?-i:\\bpg_(?!ctl|dump)\\w+)"
                    + "|\\b(create|drop|alter)\\s+(schema|table|role|user|database|view|function|extension|temp)\\b");

    @Test
    void noPackagesFormACircle() {
        slices().assignedFrom(sliced("package", HouseTest::room))
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void noClassesFormACircle() {
        slices().assignedFrom(sliced("class", HouseTest::topLevel))
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void eachPackageUsesOnlyWhatItMay() {
        Map<String, Set<String>> beyond = new TreeMap<>();
        uses().forEach((room, used) -> {
            if (!Set.of("Tracklog", "Program").contains(room)) {
                Set<String> allowed = MAY_USE.getOrDefault(room, Set.of());
                used.stream()
                        .filter(other -> !allowed.contains(other))
                        .forEach(other -> beyond.computeIfAbsent(room, none -> new TreeSet<>())
                                .add(other));
            }
        });
        assertThat(beyond)
                .as("packages that each package uses although it may not")
                .isEmpty();
    }

    /** A class that calls a route depends on the beans that the route names, and so do the routes called from there. */
    @Test
    void noPackagesFormACircleThroughRoutes() {
        Map<String, String> owners = new TreeMap<>();
        Map<String, Set<String>> called = new TreeMap<>();
        for (Path file : files(JAVA, ".java")) {
            String room = room(file);
            String text = withoutComments(file);
            matches("\\bbind\\(\\s*\"(\\w+)\"", text).forEach(bean -> owners.put(bean, room));
            called.computeIfAbsent(room, none -> new TreeSet<>()).addAll(matches("\"direct:([\\w-]+)", text));
        }
        Map<String, String> routes = new TreeMap<>();
        for (Path file : files(ROUTES, ".yaml")) {
            for (JsonNode element : yaml(file)) {
                String name = element.at("/route/from/parameters/name").asText();
                if (element.at("/route/from/uri").asText().equals("direct")) {
                    routes.put(name, element.toString());
                }
            }
        }
        Map<String, Set<String>> uses = uses();
        called.forEach((room, names) -> reachable(names, routes)
                .forEach(route -> matches(
                                "\"(?:ref|beanName)\":\"(\\w+)\"|\"#(\\w+)\"|bean:(\\w+)",
                                routes.getOrDefault(route, ""))
                        .forEach(bean -> {
                            if (owners.containsKey(bean) && !owners.get(bean).equals(room)) {
                                uses.computeIfAbsent(room, none -> new TreeSet<>())
                                        .add(owners.get(bean));
                            }
                        })));
        assertThat(circle(uses)).as("packages in a circle, and what they use").isEmpty();
    }

    @Test
    void noRouteFileIsLongerThan200Lines() {
        assertThat(files(ROUTES, ".yaml"))
                .allSatisfy(file -> assertThat(read(file).lines().count())
                        .as("lines of %s", file)
                        .isLessThanOrEqualTo(200));
    }

    @Test
    void theMedianRouteHasAtMost25Lines() {
        List<Integer> lengths = new ArrayList<>();
        for (Path file : files(ROUTES, ".yaml")) {
            for (String element : read(file).split("(?m)^(?=- )", -1)) {
                if (element.startsWith("- route:")) {
                    lengths.add((int) element.lines().count());
                }
            }
        }
        assertThat(median(lengths))
                .as("lines of the median of %d routes", lengths.size())
                .isLessThanOrEqualTo(25);
    }

    @Test
    void eachRouteHasAnIdADescriptionAndAFastTest() {
        String tests = String.join(
                "\n",
                files(Path.of("src/test/java/tracklog/routes"), "Test.java").stream()
                        .map(HouseTest::read)
                        .toList());
        Set<String> lacking = new TreeSet<>();
        for (Path file : files(ROUTES, ".yaml")) {
            for (JsonNode element : yaml(file)) {
                if (element.has("route")) {
                    String id = element.at("/route/id").asText();
                    if (id.isEmpty()
                            || element.at("/route/description").asText().isBlank()) {
                        lacking.add(file + ": " + id + " lacks an id or a description");
                    } else if (!tests.contains('"' + id + '"')) {
                        lacking.add(file + ": " + id + " lacks a test in tracklog.routes");
                    }
                }
            }
        }
        assertThat(lacking).isEmpty();
    }

    @Test
    void noLineIsWiderThan120Columns() {
        List<String> wide = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = read(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).codePointCount(0, lines.get(i).length()) > 120) {
                    wide.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(wide).isEmpty();
    }

    @Test
    void noStatementStandsInJava() {
        Map<String, String> found = new TreeMap<>();
        for (Path file : files(JAVA, ".java")) {
            String text = SEAM.matcher(withoutComments(file)).replaceAll(" ");
            LITERAL.matcher(text)
                    .results()
                    .map(match -> match.group().replaceAll("\"+", ""))
                    .filter(literal -> SQL.matcher(literal).find())
                    .forEach(literal -> found.put(JAVA.relativize(file) + ": " + literal.strip(), ""));
        }
        found.keySet()
                .removeIf(statement -> INLINE_SQL.entrySet().stream()
                        .anyMatch(
                                entry -> statement.startsWith(entry.getKey()) && statement.contains(entry.getValue())));
        assertThat(found.keySet()).isEmpty();
    }

    @Test
    void eachReceivedVariableIsRead() {
        StringBuilder readers = new StringBuilder();
        files(JAVA, ".java").forEach(file -> readers.append(read(file)));
        files(Path.of("src/main/resources"), ".sql").forEach(file -> readers.append(read(file)));
        files(ROUTES, ".yaml").forEach(file -> readers.append(read(file)));
        Set<String> read = matches(
                "variable(?:\\.|: )(\\w+)|variableSend: (\\w+)|(?:@Variable\\(|getVariable\\()\"(\\w+)\"",
                readers.toString());
        Set<String> unread = new TreeSet<>();
        for (Path file : files(ROUTES, ".yaml")) {
            matches("variableReceive: (\\w+)", read(file)).stream()
                    .filter(name -> !read.contains(name))
                    .forEach(name -> unread.add(file + ": " + name));
        }
        assertThat(unread).isEmpty();
    }

    @Test
    void javaStaysSmall() {
        List<Integer> lengths = files(JAVA, ".java").stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .map(HouseTest::codeLines)
                .toList();
        int total = lengths.stream().mapToInt(Integer::intValue).sum();
        assertThat(total).as("lines of code").isLessThan(5600);
        assertThat(median(lengths)).as("lines of the median file").isLessThanOrEqualTo(60);
    }

    @Test
    void eachPackageSaysWhatItIs() {
        Set<Path> packages = files(JAVA, ".java").stream().map(Path::getParent).collect(toCollection(TreeSet::new));
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(folder ->
                        assertThat(folder.resolve("package-info.java")).exists());
    }

    /** The package below tracklog, or the class itself where it stands at the root. */
    private static String room(JavaClass type) {
        String name = topLevel(type).substring("tracklog.".length());
        return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    }

    private static String room(Path file) {
        Path below = JAVA.resolve("tracklog").relativize(file);
        return below.getName(0).toString().replaceFirst("\\.java$", "");
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static boolean isOurs(JavaClass type) {
        return type.getName().startsWith("tracklog.") && !type.getName().endsWith("package-info");
    }

    private static SliceAssignment sliced(String kind, Function<JavaClass, String> slice) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return isOurs(type) ? SliceIdentifier.of(slice.apply(type)) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "each " + kind;
            }
        };
    }

    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        CLASSES.stream()
                .filter(HouseTest::isOurs)
                .forEach(type -> type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(HouseTest::isOurs)
                        .map(HouseTest::room)
                        .filter(target -> !target.equals(room(type)))
                        .forEach(target -> uses.computeIfAbsent(room(type), none -> new TreeSet<>())
                                .add(target)));
        return uses;
    }

    /** What is left after whatever uses nothing that is left has been taken away. */
    private static Map<String, Set<String>> circle(Map<String, Set<String>> uses) {
        Map<String, Set<String>> left = new TreeMap<>(uses);
        while (left.values().removeIf(used -> used.stream().noneMatch(left::containsKey))) {}
        return left;
    }

    private static Set<String> reachable(Set<String> names, Map<String, String> routes) {
        Set<String> reached = new HashSet<>();
        List<String> next = new ArrayList<>(names);
        while (!next.isEmpty()) {
            String name = next.remove(next.size() - 1);
            if (reached.add(name)) {
                next.addAll(matches(
                        "\"uri\":\"direct\",\"parameters\":\\{\"name\":\"([\\w-]+)\"", routes.getOrDefault(name, "")));
            }
        }
        return reached;
    }

    private static int codeLines(Path file) {
        return (int) withoutComments(file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("import ") && !line.startsWith("package "))
                .count();
    }

    private static String withoutComments(Path file) {
        return COMMENT.matcher(read(file))
                .replaceAll(match -> match.group(1) == null ? "" : Matcher.quoteReplacement(match.group(1)));
    }

    private static double median(List<Integer> numbers) {
        int[] sorted = numbers.stream().mapToInt(Integer::intValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
    }

    private static Set<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .flatMap(match -> Arrays.stream(new String[] {
                            match.group(1),
                            match.groupCount() > 1 ? match.group(2) : null,
                            match.groupCount() > 2 ? match.group(3) : null
                        })
                        .filter(group -> group != null))
                .collect(toSet());
    }

    private static JsonNode yaml(Path file) {
        try {
            return new YAMLMapper().readTree(read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that people write code in, scripts without an ending included. */
    private static List<Path> sources() {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("src", "routes", "docker", ".ci", "grafana", "terraform")) {
            sources.addAll(files(Path.of(folder), ""));
        }
        sources.addAll(List.of(Path.of("tracklog"), Path.of("compose.yaml")));
        sources.removeIf(file -> !file.getFileName().toString().matches(".*\\.(java|sql|js|ya?ml|sh)|[\\w-]+")
                || (!file.toString().contains(".")
                        && !file.toString().startsWith("src")
                        && !read(file).startsWith("#!")));
        // The description of the API is data, of which a schema is one line.
        sources.removeIf(file -> file.startsWith("src/test/resources") || file.endsWith("openapi.yaml"));
        return sources;
    }

    private static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
