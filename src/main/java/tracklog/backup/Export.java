package tracklog.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.document.DocumentReader;
import tracklog.document.ExtendedHistory;
import tracklog.document.Format;
import tracklog.store.ListenerName;
import tracklog.store.SqlFiles;

/**
 * Writes the whole history into one ZIP of documents that Tracklog imports, in constant memory.
 *
 * <p>Plays that Spotify's extended layout can hold without loss are written in that layout, which other programs read.
 * All others go into documents in Tracklog's own layout, one for each source. Equal content gives equal bytes. The ZIP
 * holds no refresh token.
 */
public record Export(DataSource dataSource) {

    /** The size of the documents in Spotify's exports. */
    private static final int DOCUMENT_BYTES = 12_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Writes the ZIP beside its place and renames it then, so that a file of that name is always complete.
     *
     * @return the numbers of plays, tracks and other rows with a digest of each; this is also the comment of the ZIP
     * @throws FileAlreadyExistsException if there is a file of that name
     */
    public String write(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file + " exists and was not changed. Choose another name.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (ReadOnlySnapshot snapshot = ReadOnlySnapshot.of(dataSource)) {
            String contents = write(snapshot.database(), part);
            // A link never replaces a file that was made in the meantime.
            Files.createLink(file, part);
            return contents;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String write(JdbcTemplate database, Path part) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)))) {
            for (Map<String, Object> listener : database.queryForList(SqlFiles.read("export-listeners"))) {
                int listenerId = (Integer) listener.get("listener_id");
                String folder = "listeners/" + ListenerName.folder((String) listener.get("name")) + "/";
                String start = "{\"listener\": " + listener.get("listener") + ", \"items\": [";
                for (String source : List.of("recently_played", "account_data")) {
                    try (Stream<String> plays = plays(database, listenerId, source)) {
                        own(database, new DocumentWriter(zip, own(folder, source), start), plays, listenerId, source);
                    }
                }
                Path rest = part.resolveSibling(part.getFileName() + ".rest");
                try {
                    extended(database, zip, folder, rest, listenerId);
                    try (Stream<String> plays = Files.lines(rest)) {
                        own(
                                database,
                                new DocumentWriter(zip, own(folder, "export"), start),
                                plays,
                                listenerId,
                                "export");
                    }
                } finally {
                    Files.deleteIfExists(rest);
                }
            }
            String contents = database.queryForObject(SqlFiles.read("contents"), String.class);
            zip.setComment(contents);
            return contents;
        }
    }

    private static String own(String folder, String source) {
        return folder + "Tracklog_" + source + ".json";
    }

    /** Returns the numbers of stored plays, tracks and other rows, each with a digest that does not depend on keys. */
    public static String contents(DataSource dataSource) throws IOException {
        return new JdbcTemplate(dataSource).queryForObject(SqlFiles.read("contents"), String.class);
    }

    /** Writes a document in Tracklog's own layout: the plays, then the rejected lines of their source. */
    private static void own(
            JdbcTemplate database, DocumentWriter document, Stream<String> plays, int listenerId, String source)
            throws IOException {
        try (Stream<String> rejected = lines(database, "export-rejected-lines", listenerId, source)) {
            for (String line : (Iterable<String>) Stream.concat(plays, rejected)::iterator) {
                document.add(line);
            }
        }
        document.end("]}");
    }

    /** Writes the documents in Spotify's layout. Plays that it cannot hold go into another file, one a line. */
    private static void extended(JdbcTemplate database, ZipOutputStream zip, String folder, Path rest, int listenerId)
            throws IOException {
        DocumentWriter open = null;
        String openYear = "";
        int documents = 0;
        try (Stream<String> plays = plays(database, listenerId, "export");
                Writer others = Files.newBufferedWriter(rest)) {
            for (String play : (Iterable<String>) plays::iterator) {
                ObjectNode line = asExtended(play);
                if (line == null) {
                    others.append(play).append('\n');
                    continue;
                }
                String year = line.get("ts").textValue().substring(0, 4);
                if (open != null && (!year.equals(openYear) || open.bytes() > DOCUMENT_BYTES)) {
                    open.end("]");
                    open = null;
                }
                if (open == null) {
                    openYear = year;
                    open = new DocumentWriter(
                            zip, folder + "Streaming_History_Audio_" + year + "_" + documents++ + ".json", "[");
                }
                open.add(line.toString());
            }
        }
        if (open != null) {
            open.end("]");
        }
    }

    private static Stream<String> plays(JdbcTemplate database, int listenerId, String source) throws IOException {
        return lines(database, "export-plays", listenerId, listenerId, source, listenerId, source);
    }

    /** Streams the column {@code line} of the statement. */
    private static Stream<String> lines(JdbcTemplate database, String statement, Object... parameters)
            throws IOException {
        return database.queryForStream(SqlFiles.read(statement), (row, number) -> row.getString("line"), parameters);
    }

    /** Returns the line in Spotify's extended layout; null if it would be read back as anything else. */
    private static ObjectNode asExtended(String own) throws IOException {
        ObjectNode columns = DocumentReader.columns(Format.TRACKLOG, JSON.readTree(own), 0);
        ObjectNode line = ExtendedHistory.write(columns);
        return DocumentReader.columns(Format.EXTENDED_HISTORY, line, 0).equals(columns) ? line : null;
    }
}
