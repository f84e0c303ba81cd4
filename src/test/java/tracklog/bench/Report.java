package tracklog.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows of a run, as a table and as JSON. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Row> rows = new ArrayList<>();

    void add(Row row) {
        rows.add(row);
        System.out.println(line(row));
    }

    /** Tells whether every figure is within its limit. */
    boolean holds() {
        return rows.stream().allMatch(Row::holds);
    }

    void print() {
        System.out.println();
        System.out.println("| what | measured | must reach | holds | behind it |");
        System.out.println("|---|---|---|---|---|");
        rows.forEach(row -> System.out.println(line(row)));
    }

    private static String line(Row row) {
        String holds = row.limit() == null ? "" : row.holds() ? "yes" : "**no**";
        return "| " + row.what() + " | " + Row.number(row.figure()) + " "
                + row.unit().label() + " | " + (row.limit() == null ? "" : row.limit()) + " | " + holds + " | "
                + row.detail() + " |";
    }

    void write(Path file, String machine) throws IOException {
        ObjectNode report = JSON.createObjectNode().put("machine", machine).put("holds", holds());
        ArrayNode array = report.putArray("rows");
        for (Row row : rows) {
            ObjectNode node = array.addObject()
                    .put("what", row.what())
                    .put("figure", row.figure())
                    .put("unit", row.unit().label());
            if (row.limit() != null) {
                node.put(
                        row.limit().upper() ? "at_most" : "at_least",
                        row.limit().bound());
            }
            node.put("holds", row.holds()).put("detail", row.detail());
        }
        Files.createDirectories(file.getParent());
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    }
}
