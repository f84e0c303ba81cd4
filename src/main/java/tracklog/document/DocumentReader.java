package tracklog.document;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a document of any {@link Format} as a stream, line by line, in constant memory.
 *
 * <p>The first line that shows its format decides for the whole document. All other lines are typed by it or rejected.
 */
public final class DocumentReader {

    /** The number of lines, or bytes, without a play after which a document counts as something else. */
    private static final int PATIENCE = 1_000;

    private static final int PATIENCE_BYTES = 4 << 20;

    /** In bytes. A line is held in memory as a whole; real ones have a few thousand bytes. */
    private static final int LONGEST_LINE = 1 << 20;

    /** In bytes, for Tracklog's own documents, which quote rejected lines. */
    private static final int LONGEST_LINE_QUOTED = 8 * LONGEST_LINE;

    /** Reads JSON; its error messages quote nothing of what it reads. */
    public static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // The parser's messages must quote nothing of the document, which could be personal.
            .errorReportConfiguration(
                    ErrorReportConfiguration.builder().maxErrorTokenLength(0).build())
            .build());

    /** Receives one line as the columns of {@code staged_line}. */
    public interface Sink {
        void accept(ObjectNode columns) throws IOException;
    }

    private final Sink sink;
    private final boolean promisesJson;
    private final List<JsonNode> unrecognised = new ArrayList<>();
    private Format format;
    private String source;
    private JsonNode listener;
    private long lines;
    private long bytes;
    private long lineStart = Long.MAX_VALUE;

    /** @param promisesJson whether its name promises JSON, so that anything else is a fault */
    public DocumentReader(boolean promisesJson, Sink sink) {
        this.promisesJson = promisesJson;
        this.sink = sink;
    }

    /** Returns the number of lines read. */
    public long lines() {
        return lines;
    }

    /** Returns the number of bytes read. */
    public long bytes() {
        return bytes;
    }

    /** Returns the SQL value of {@code source} for its plays; null for a document without lines. */
    public String source() {
        return source;
    }

    /** Returns the listener that a document of {@link Format#TRACKLOG} describes, as JSON; empty for other formats. */
    public String listener() {
        return listener == null ? "" : listener.toString();
    }

    /** Returns the format of a document that was read; empty for one without lines. */
    public Optional<Format> format() {
        return Optional.ofNullable(format);
    }

    /**
     * Reads to the end.
     *
     * @throws BrokenDocumentException if it should be JSON and is not, or ends too early
     * @throws NoHistoryException if it is something else than listening history
     * @throws IOException if the source or the sink fails
     */
    public void read(InputStream document) throws IOException, NoHistoryException {
        try (JsonParser parser = JSON.createParser(counted(document))) {
            JsonToken start = parser.nextToken();
            if (start == null) {
                throw BrokenDocumentException.endsEarly("It is empty. Copy or download it again.", null);
            }
            if (start == JsonToken.START_ARRAY) {
                readLines(parser);
            } else if (start == JsonToken.START_OBJECT && goToItems(parser)) {
                readLines(parser);
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    parser.nextToken();
                    parser.skipChildren();
                }
            } else {
                throw new NoHistoryException("it holds no list of plays");
            }
            if (parser.nextToken() != null) {
                throw new BrokenDocumentException("There is more text after its end (line "
                        + parser.currentLocation().getLineNr() + "). Copy or download it again.");
            }
        } catch (JsonProcessingException | CharConversionException e) {
            if (format == null && !promisesJson && !(e instanceof JsonEOFException)) {
                throw new NoHistoryException("it is not JSON");
            }
            throw broken(e);
        }
        if (format == null && !unrecognised.isEmpty()) {
            throw new NoHistoryException("none of its lines is a play");
        }
    }

    /** Counts the bytes, and refuses a line that does not fit into memory. */
    private InputStream counted(InputStream document) {
        return new FilterInputStream(document) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (bytes - lineStart > (format == Format.TRACKLOG ? LONGEST_LINE_QUOTED : LONGEST_LINE)) {
                    throw new BrokenDocumentException("After " + lines + " lines there is one of more than "
                            + LONGEST_LINE + " bytes. No play is that long. Nothing was imported.");
                }
                int count = super.read(buffer, offset, length);
                bytes += Math.max(count, 0);
                return count;
            }
        };
    }

    private boolean goToItems(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("items") && value == JsonToken.START_ARRAY) {
                return true;
            }
            if (field.equals("listener") && value == JsonToken.START_OBJECT) {
                listener = JSON.readTree(parser);
                format = Format.TRACKLOG;
            } else {
                parser.skipChildren();
            }
        }
        return false;
    }

    private void readLines(JsonParser parser) throws IOException, NoHistoryException {
        long start = bytes;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            lineStart = bytes;
            JsonNode line = JSON.readTree(parser);
            if (format == null) {
                format = Format.of(line).orElse(null);
                if (format == null) {
                    unrecognised.add(line);
                    if (unrecognised.size() == PATIENCE || bytes - start > PATIENCE_BYTES) {
                        throw new NoHistoryException("its first " + unrecognised.size() + " lines are no plays");
                    }
                    continue;
                }
                for (JsonNode earlier : unrecognised) {
                    hand(earlier);
                }
                unrecognised.clear();
            }
            hand(line);
        }
        lineStart = Long.MAX_VALUE;
    }

    private void hand(JsonNode line) throws IOException {
        ObjectNode columns = columns(format, line, lines);
        String said = columns.get("source").textValue();
        if (source != null && !source.equals(said)) {
            throw new BrokenDocumentException("It mixes lines of several sources. No export of Tracklog does."
                    + " Drop the ZIP as it was exported.");
        }
        source = said;
        sink.accept(columns);
        lines++;
    }

    /**
     * Types one line. A rejected one is kept in {@code line} without personal fields, with {@code rejected_because}.
     */
    public static ObjectNode columns(Format format, JsonNode line, long position) {
        ObjectNode columns = JSON.createObjectNode();
        try {
            Fields fields = new Fields(line);
            format.read(fields, columns);
            if (format != Format.RECENTLY_PLAYED && !columns.has("extra")) {
                columns.set("extra", fields.extra());
            }
        } catch (InvalidLineException e) {
            columns.removeAll();
            columns.put("rejected_because", e.getMessage());
            columns.put("line", Storable.json(line).toString());
            if (format == Format.TRACKLOG
                    && TracklogExport.SOURCES.contains(line.path("source").asText())) {
                columns.put("source", line.path("source").asText());
            }
        }
        columns.put("position", position);
        if (!columns.has("source")) {
            columns.put("source", format.source());
        }
        return columns;
    }

    private BrokenDocumentException broken(IOException fault) {
        if (fault instanceof JsonEOFException) {
            return BrokenDocumentException.endsEarly(
                    "It ends too early, after " + lines + " complete lines. Copy or download it again.", fault);
        }
        String where = "";
        String what = fault.getMessage();
        if (fault instanceof JsonProcessingException e) {
            what = e.getOriginalMessage();
            JsonLocation at = e.getLocation();
            where = at == null ? "" : " (text line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        }
        return new BrokenDocumentException(
                "It is not valid JSON" + where + ": " + what + ". Nothing was imported.", fault);
    }
}
