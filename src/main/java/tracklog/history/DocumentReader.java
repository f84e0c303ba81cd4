package tracklog.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a document of any {@link Format} as a stream, line by line, in constant memory.
 *
 * <p>The first line that tells its format decides for the whole document; each other one is typed by it or rejected.
 */
final class DocumentReader {

    /** So many lines without a single one that looks like history: it is something else. */
    private static final int PATIENCE = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build());

    /** Takes one line as the columns of {@code staged_line}. */
    interface Sink {
        void accept(ObjectNode columns) throws IOException;
    }

    private final Sink sink;
    private final List<JsonNode> unrecognised = new ArrayList<>();
    private Format format;
    private long lines;

    DocumentReader(Sink sink) {
        this.sink = sink;
    }

    /** How many lines have been read. */
    long lines() {
        return lines;
    }

    /** What the document is, once it has been read; empty for one that may hold history but holds no line. */
    Optional<Format> format() {
        return Optional.ofNullable(format);
    }

    /**
     * Reads to the end.
     *
     * @throws BrokenDocumentException if it is no JSON, or ends too early
     * @throws NoHistoryException if it is something else than listening history
     * @throws IOException if the source or the sink fails
     */
    void read(InputStream document) throws IOException, BrokenDocumentException, NoHistoryException {
        try (JsonParser parser = JSON.createParser(document)) {
            JsonToken start = parser.nextToken();
            if (start == null) {
                throw new BrokenDocumentException("It is empty. Copy or download it again.");
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
                throw new BrokenDocumentException("Something follows after its end (line "
                        + parser.currentLocation().getLineNr() + "). Copy or download it again.");
            }
        } catch (JsonProcessingException e) {
            throw broken(e);
        }
        if (format == null && lines + unrecognised.size() > 0) {
            throw new NoHistoryException("none of its lines is a play");
        }
    }

    private static boolean goToItems(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean items = parser.currentName().equals("items");
            if (parser.nextToken() == JsonToken.START_ARRAY && items) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private void readLines(JsonParser parser) throws IOException, NoHistoryException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode line = JSON.readTree(parser);
            if (format == null) {
                format = Format.of(line).orElse(null);
                if (format == null) {
                    unrecognised.add(line);
                    if (unrecognised.size() == PATIENCE) {
                        throw new NoHistoryException("its first " + PATIENCE + " lines are no plays");
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
    }

    private void hand(JsonNode line) throws IOException {
        sink.accept(columns(format, line, lines));
        lines++;
    }

    /** Types one line; one that cannot become a play gets {@code rejected_because} and itself, as far as not personal. */
    static ObjectNode columns(Format format, JsonNode line, long position) {
        ObjectNode columns = JSON.createObjectNode();
        try {
            Fields fields = new Fields(line);
            format.read(fields, columns);
            if (format != Format.RECENTLY_PLAYED) {
                columns.set("extra", fields.extra());
            }
        } catch (InvalidLineException e) {
            columns.removeAll();
            columns.put("rejected_because", e.getMessage());
            columns.put("line", Fields.storable(line).toString());
        }
        columns.put("position", position);
        columns.put("source", format.source());
        return columns;
    }

    private BrokenDocumentException broken(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " (text line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        String reason = e instanceof com.fasterxml.jackson.core.io.JsonEOFException
                ? "It ends too early, after " + lines + " whole lines. Copy or download it again."
                : "It is no valid JSON" + where + ": " + e.getOriginalMessage() + ". Nothing of it was imported.";
        return new BrokenDocumentException(reason, e);
    }
}
