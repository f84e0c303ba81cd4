package tracklog.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.store.SqlFiles;

/** Compares the counts of all imports and polls, and the sums of plays, with what is stored. */
public record Audit(DataSource dataSource) {

    /**
     * Prints the counts as plain tables, and then every mismatch.
     *
     * @return whether all counts match
     */
    public boolean print(PrintStream out) throws IOException {
        try (ReadOnlySnapshot snapshot = ReadOnlySnapshot.of(dataSource)) {
            return print(snapshot.database(), out);
        }
    }

    static boolean print(JdbcTemplate database, PrintStream out) throws IOException {
        print(database.queryForList(SqlFiles.read("audit-documents")), out);
        print(database.queryForList(SqlFiles.read("audit-sources")), out);
        List<Map<String, Object>> gaps = database.queryForList(SqlFiles.read("audit-gaps"));
        if (!gaps.isEmpty()) {
            print(gaps, out);
        }
        out.println("Open gaps: " + gaps.size());
        List<String> faults = database.queryForList(SqlFiles.read("audit-faults"), String.class);
        faults.addAll(database.queryForList(SqlFiles.read("audit-sums"), String.class));
        out.println(faults.isEmpty() ? "All counts match." : "These do not match:");
        faults.forEach(fault -> out.println("  " + fault));
        return faults.isEmpty();
    }

    /** Prints rows, at least one, below the names of their columns. Numbers are aligned to the right. */
    private static void print(List<Map<String, Object>> rows, PrintStream out) {
        List<List<String>> lines =
                new ArrayList<>(List.of(List.copyOf(rows.get(0).keySet()), new ArrayList<>()));
        StringBuilder format = new StringBuilder();
        for (String column : rows.get(0).keySet()) {
            List<Object> values = rows.stream().map(row -> row.get(column)).toList();
            int width = values.stream()
                    .mapToInt(value -> Objects.toString(value, "").length())
                    .reduce(column.length(), Math::max);
            format.append(values.get(0) instanceof Number ? "%" : "%-")
                    .append(width)
                    .append("s  ");
            lines.get(1).add("-".repeat(width));
        }
        rows.forEach(row -> lines.add(
                row.values().stream().map(value -> Objects.toString(value, "")).toList()));
        lines.forEach(line ->
                out.println(String.format(format.toString(), line.toArray()).stripTrailing()));
        out.println();
    }
}
