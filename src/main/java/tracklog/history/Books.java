package tracklog.history;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The books of all documents and polls, compared with what is stored. */
public final class Books {

    private final DataSource dataSource;

    public Books(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Prints them as plain tables, and last what does not add up.
     *
     * @return whether everything adds up
     */
    public boolean print(PrintStream out) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection()) {
            // One snapshot for all figures: imports and polls may go on meanwhile.
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return print(connection, out);
            } finally {
                connection.rollback();
            }
        }
    }

    static boolean print(Connection connection, PrintStream out) throws SQLException, IOException {
        Table.of(connection, "books-of-documents").print(out);
        Table.of(connection, "books-of-sources").print(out);
        Table gaps = Table.of(connection, "books-of-gaps");
        if (!gaps.rows().isEmpty()) {
            gaps.print(out);
        }
        out.println("Open gaps: " + gaps.rows().size());
        Table faults = Table.of(connection, "books-faults");
        out.println(faults.rows().isEmpty() ? "Everything adds up." : "This does not add up:");
        faults.rows().forEach(fault -> out.println("  " + fault.get(0)));
        return faults.rows().isEmpty();
    }

    /** What a statement of {@code sql/} returns, as text. */
    private record Table(List<String> columns, List<Boolean> numbers, List<List<String>> rows) {

        static Table of(Connection connection, String name) throws SQLException, IOException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(Sql.read(name))) {
                Table table = new Table(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
                int width = result.getMetaData().getColumnCount();
                for (int i = 1; i <= width; i++) {
                    table.columns.add(result.getMetaData().getColumnLabel(i));
                    table.numbers.add(Number.class.isAssignableFrom(classOf(result, i)));
                }
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= width; i++) {
                        String value = result.getString(i);
                        row.add(value == null ? "" : value);
                    }
                    table.rows.add(row);
                }
                return table;
            }
        }

        private static Class<?> classOf(ResultSet result, int column) throws SQLException {
            try {
                return Class.forName(result.getMetaData().getColumnClassName(column));
            } catch (ClassNotFoundException e) {
                return Object.class;
            }
        }

        void print(PrintStream out) {
            List<Integer> widths = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                widths.add(Math.max(
                        columns.get(i).length(),
                        rows.stream()
                                .mapToInt(row -> row.get(column).length())
                                .max()
                                .orElse(0)));
            }
            print(out, columns, widths);
            print(out, widths.stream().map("-"::repeat).toList(), widths);
            rows.forEach(row -> print(out, row, widths));
            out.println();
        }

        private void print(PrintStream out, List<String> row, List<Integer> widths) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String padding = " ".repeat(widths.get(i) - row.get(i).length());
                line.append(numbers.get(i) ? padding + row.get(i) : row.get(i) + padding)
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
