package tracklog.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;

/**
 * Writes the whole history into one ZIP of documents that Tracklog imports, in constant memory.
 *
 * <p>What Spotify's extended layout can say without loss is written so, for other programs to read; all else goes into
 * documents of Tracklog's own, one for each source. The same content gives the same bytes. Refresh tokens are never in it.
 */
public final class Export {

    /** As Spotify cuts its own. */
    private static final int DOCUMENT_BYTES = 12_000_000;

    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** From the one that is known best to the one that says most. */
    private static final List<String> SOURCES = List.of("recently_played", "account_data", "export");

    private static final Pattern UNSAFE_IN_FOLDER = Pattern.compile("[%+/\\\\<>:\"|?*\\p{Cntrl}]|^[. ]|[. ]$");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataSource dataSource;

    public Export(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Writes the ZIP beside its place first, so that a file of that name is always whole.
     *
     * @return the number of plays, tracks and so on with a digest of each; it is the comment of the ZIP as well
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    public String write(Path file) throws IOException, SQLException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file + " exists already and is left as it is. Choose another name.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            String contents;
            try (Connection connection = dataSource.getConnection()) {
                contents = write(connection, part);
            }
            // Not with replacement: somebody may have made the file meanwhile.
            Files.createLink(file, part);
            return contents;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String write(Connection connection, Path part) throws IOException, SQLException {
        // One snapshot, since imports and polls may go on; without auto-commit the driver streams.
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)))) {
            each(connection, "export-listeners", List.of(), row -> {
                int listenerId = row.getInt("listener_id");
                String folder = "listeners/" + folder(row.getString("name")) + "/";
                for (String source : SOURCES) {
                    own(connection, zip, folder, source, listenerId, row.getString("listener"));
                }
                extended(connection, zip, folder, listenerId);
            });
            String contents = contents(connection);
            zip.setComment(contents);
            return contents;
        } finally {
            connection.rollback();
        }
    }

    /** The number of plays, tracks and so on that are stored, with a digest of each that does not depend on keys. */
    public static String contents(DataSource dataSource) throws IOException, SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return contents(connection);
        }
    }

    private static String contents(Connection connection) throws IOException, SQLException {
        StringBuilder contents = new StringBuilder();
        each(connection, "contents", List.of(), row -> contents.append(row.getString("contents")));
        return contents.toString();
    }

    private static void own(
            Connection connection, ZipOutputStream zip, String folder, String source, int listenerId, String listener)
            throws IOException, SQLException {
        Lines lines = new Lines(
                zip, folder + "Tracklog_" + source + ".json", "{\"listener\": " + listener + ", \"items\": [");
        each(connection, "export-plays", List.of(listenerId, listenerId, source), row -> {
            if (!source.equals("export") || asExtended(row.getString("line")) == null) {
                lines.add(row.getString("line"));
            }
        });
        each(connection, "export-rejected-lines", List.of(listenerId, source), row -> lines.add(row.getString("line")));
        lines.end("]}");
    }

    private static void extended(Connection connection, ZipOutputStream zip, String folder, int listenerId)
            throws IOException, SQLException {
        var open = new Object() {
            Lines lines;
            String year = "";
            int documents;
        };
        each(connection, "export-plays", List.of(listenerId, listenerId, "export"), row -> {
            ObjectNode line = asExtended(row.getString("line"));
            if (line == null) {
                return;
            }
            String year = line.get("ts").textValue().substring(0, 4);
            if (open.lines != null && (!year.equals(open.year) || open.lines.bytes > DOCUMENT_BYTES)) {
                open.lines.end("]");
                open.lines = null;
            }
            if (open.lines == null) {
                open.year = year;
                open.lines = new Lines(
                        zip, folder + "Streaming_History_Audio_" + year + "_" + open.documents++ + ".json", "[");
            }
            open.lines.add(line.toString());
        });
        if (open.lines != null) {
            open.lines.end("]");
        }
    }

    /** The line in Spotify's extended layout; null if that would be read back as anything else. */
    private static ObjectNode asExtended(String own) throws IOException {
        ObjectNode columns = DocumentReader.columns(Format.TRACKLOG, JSON.readTree(own), 0);
        ObjectNode line = ExtendedHistory.write(columns);
        StringBuilder wanted = new StringBuilder();
        StringBuilder read = new StringBuilder();
        CopyLine.append(columns, wanted);
        CopyLine.append(DocumentReader.columns(Format.EXTENDED_HISTORY, line, 0), read);
        return wanted.toString().contentEquals(read) ? line : null;
    }

    /** The listener's name as a folder that every system can unpack. */
    static String folder(String name) {
        return UNSAFE_IN_FOLDER
                .matcher(name)
                .replaceAll(match -> "%%%02X".formatted((int) match.group().charAt(0)));
    }

    /** The listener in whose folder an entry of a ZIP is; the other where it is in none. */
    static String listener(String entry, String otherwise) {
        String[] path = entry.split("/", 3);
        if (path.length < 3 || !path[0].equals("listeners")) {
            return otherwise;
        }
        try {
            return URLDecoder.decode(path[1], UTF_8);
        } catch (IllegalArgumentException e) {
            return path[1];
        }
    }

    private interface Row {
        void accept(ResultSet row) throws SQLException, IOException;
    }

    private static void each(Connection connection, String name, List<Object> parameters, Row row)
            throws SQLException, IOException {
        try (PreparedStatement statement = connection.prepareStatement(Sql.read(name))) {
            statement.setFetchSize(1_000);
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    row.accept(result);
                }
            }
        }
    }

    /** One document in the ZIP, a line of text for each line. */
    private static final class Lines {

        private final ZipOutputStream out;
        private String before = "\n";
        private long bytes;

        Lines(ZipOutputStream zip, String name, String start) throws IOException {
            ZipEntry entry = new ZipEntry(name);
            entry.setTimeLocal(ENTRY_TIME);
            zip.putNextEntry(entry);
            this.out = zip;
            write(start);
        }

        void add(String line) throws IOException {
            write(before + line);
            before = ",\n";
        }

        void end(String end) throws IOException {
            write("\n" + end + "\n");
            out.closeEntry();
        }

        private void write(String text) throws IOException {
            byte[] encoded = text.getBytes(UTF_8);
            bytes += encoded.length;
            out.write(encoded);
        }
    }
}
