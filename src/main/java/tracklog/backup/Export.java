package tracklog.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.document.DocumentReader;
import tracklog.document.ExtendedHistory;
import tracklog.document.Format;
import tracklog.merge.CopyLine;
import tracklog.store.ListenerName;
import tracklog.store.SqlFiles;

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
    public String write(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file + " exists already and is left as it is. Choose another name.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (ReadOnlySnapshot snapshot = ReadOnlySnapshot.of(dataSource)) {
            String contents = write(snapshot.database(), part);
            // Not with replacement: somebody may have made the file meanwhile.
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
                        own(database, new Lines(zip, own(folder, source), start), plays, listenerId, source);
                    }
                }
                Path rest = part.resolveSibling(part.getFileName() + ".rest");
                try {
                    extended(database, zip, folder, rest, listenerId);
                    try (Stream<String> plays = Files.lines(rest)) {
                        own(database, new Lines(zip, own(folder, "export"), start), plays, listenerId, "export");
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

    /** The number of plays, tracks and so on that are stored, with a digest of each that does not depend on keys. */
    public static String contents(DataSource dataSource) throws IOException {
        return new JdbcTemplate(dataSource).queryForObject(SqlFiles.read("contents"), String.class);
    }

    /** A document of Tracklog's own: these plays, and the rejected lines of that source. */
    private static void own(JdbcTemplate database, Lines document, Stream<String> plays, int listenerId, String source)
            throws IOException {
        try (Stream<String> rejected = lines(database, "export-rejected-lines", listenerId, source)) {
            for (String line : (Iterable<String>) Stream.concat(plays, rejected)::iterator) {
                document.add(line);
            }
        }
        document.end("]}");
    }

    /** The documents of Spotify's layout; what that cannot say goes into another file, line by line. */
    private static void extended(JdbcTemplate database, ZipOutputStream zip, String folder, Path rest, int listenerId)
            throws IOException {
        Lines open = null;
        String openYear = "";
        int documents = 0;
        try (Stream<String> plays = plays(database, listenerId, "export");
                Writer unsaid = Files.newBufferedWriter(rest)) {
            for (String play : (Iterable<String>) plays::iterator) {
                ObjectNode line = asExtended(play);
                if (line == null) {
                    unsaid.append(play).append('\n');
                    continue;
                }
                String year = line.get("ts").textValue().substring(0, 4);
                if (open != null && (!year.equals(openYear) || open.bytes > DOCUMENT_BYTES)) {
                    open.end("]");
                    open = null;
                }
                if (open == null) {
                    openYear = year;
                    open = new Lines(
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

    /** What the statement yields as {@code line}, row by row. */
    private static Stream<String> lines(JdbcTemplate database, String statement, Object... parameters)
            throws IOException {
        return database.queryForStream(SqlFiles.read(statement), (row, number) -> row.getString("line"), parameters);
    }

    /** The line in Spotify's extended layout; null if that would be read back as anything else. */
    private static ObjectNode asExtended(String own) throws IOException {
        ObjectNode columns = DocumentReader.columns(Format.TRACKLOG, JSON.readTree(own), 0);
        ObjectNode line = ExtendedHistory.write(columns);
        StringBuilder wanted = new StringBuilder();
        StringBuilder read = new StringBuilder();
        new CopyLine().append(columns, wanted);
        new CopyLine().append(DocumentReader.columns(Format.EXTENDED_HISTORY, line, 0), read);
        return wanted.toString().contentEquals(read) ? line : null;
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
