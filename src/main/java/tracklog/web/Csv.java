package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows as CSV (RFC 4180) that a spreadsheet can open safely. */
final class Csv {

    private Csv() {}

    static byte[] of(List<String> columns, Stream<Map<String, Object>> rows) {
        Stream<String> lines = rows.map(row -> columns.stream()
                .map(column -> cell(HttpResponses.iso(row.get(column))))
                .collect(Collectors.joining(",")));
        return Stream.concat(Stream.of(String.join(",", columns)), lines)
                .map(line -> line + "\r\n")
                .collect(Collectors.joining())
                .getBytes(UTF_8);
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        }
        // A spreadsheet takes a text that begins with one of these for a formula.
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^\",\\r\\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
