package tracklog.document;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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

    /** In characters, of a rejected line. The document itself is kept. */
    private static final int MOST_KEPT = 1 << 16;

    /** Reads JSON; its error messages quote nothing of what it reads. */
    public static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // The parser's messages must quote nothing of the document, which could be personal.
            .errorReportConfiguration(
                    ErrorReportConfiguration.builder().maxErrorTokenLength(0).build())
            // The parser keeps the names that it has met, several thousand of them.
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNameLength(1_000).build())
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build());

    /** Receives one line as the columns of {@code staged_line}. */
    public interface Sink {
        void accept(ObjectNode columns) throws IOException;
    }

    /** Begins to read one line, perhaps again. */
    private interface Parsing {
        JsonParser start() throws IOException;
    }

    private final Sink sink;
    private final boolean promisesJson;
    private final List<JsonText.Value> unrecognised = new ArrayList<>();
    private Format format;
    private String source;
    private JsonText text;
    private JsonNode listener;
    private long lines;

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
        return text == null ? 0 : text.bytes();
    }

    /** Returns the SQL value of {@code source} for its plays; null for a document without lines. */
    public String source() {
        return source == null && format != null ? format.source() : source;
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
        try {
            text = new JsonText(document);
            if (text.peek() <= 0) {
                throw BrokenDocumentException.endsEarly("It is empty. Copy or download it again.", null);
            }
            boolean found = text.take('{') ? readObject() : text.take('[') && readLines();
            if (!found) {
                parse(text.rest()).nextToken();
                throw new NoHistoryException("it holds no list of plays");
            }
            if (text.peek() == 0) {
                throw JsonText.endsEarly();
            }
            if (text.peek() > 0) {
                throw new BrokenDocumentException(
                        "There is more text after its end (" + text.place(null) + "). Copy or download it again.");
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

    /** Reads {@code items} and the listener before them. */
    private boolean readObject() throws IOException, NoHistoryException {
        boolean found = false;
        boolean isEmpty = text.take('}');
        while (!isEmpty) {
            JsonNode name = tree(parse(text.value()));
            text.require(':');
            if (!found && name.asText().equals("items") && text.take('[')) {
                found = readLines();
            } else if (!found && name.asText().equals("listener") && text.peek() == '{') {
                JsonText.Value value = text.value();
                if (value.tooLarge() != null) {
                    throw new BrokenDocumentException("Its listener is none: " + value.tooLarge() + ".");
                }
                listener = tree(parse(value));
                format = Format.TRACKLOG;
                text.isOwn();
            } else {
                JsonText.Value other = text.value();
                if (other.tooLarge() == null) {
                    tree(parse(other));
                }
            }
            if (!text.take(',')) {
                text.require('}');
                return found;
            }
        }
        return found;
    }

    private boolean readLines() throws IOException, NoHistoryException {
        long start = text.bytes();
        if (text.take(']')) {
            return true;
        }
        do {
            JsonText.Value line = text.value();
            if (format == null) {
                format = format(line);
                if (format == null) {
                    unrecognised.add(line.copy());
                    if (unrecognised.size() == PATIENCE || text.bytes() - start > PATIENCE_BYTES) {
                        throw new NoHistoryException("its first " + unrecognised.size() + " lines are no plays");
                    }
                    continue;
                }
                if (format == Format.TRACKLOG) {
                    text.isOwn();
                }
                for (JsonText.Value earlier : unrecognised) {
                    hand(earlier);
                }
                unrecognised.clear();
            }
            hand(line);
        } while (text.take(','));
        text.require(']');
        return true;
    }

    private Format format(JsonText.Value line) throws IOException {
        try {
            return line.tooLarge() == null ? Format.of(tree(parse(line))).orElse(null) : null;
        } catch (StreamConstraintsException e) {
            return null;
        }
    }

    private void hand(JsonText.Value line) throws IOException {
        sink.accept(columns(line.tooLarge(), () -> parse(line)));
        lines++;
    }

    /**
     * Types one line. A rejected one is kept in {@code line} without personal fields, with {@code rejected_because}.
     */
    public static ObjectNode columns(Format format, JsonNode line, long position) {
        DocumentReader reader = new DocumentReader(true, none -> {});
        reader.format = format;
        reader.lines = position;
        try {
            ObjectNode columns = reader.columns(null, line::traverse);
            columns.removeNulls();
            return columns;
        } catch (IOException e) {
            throw new UncheckedIOException("A line in memory cannot be read", e);
        }
    }

    /** Whatever the line contains, the worst that happens is that it is rejected; unless it is no JSON. */
    private ObjectNode columns(String tooLarge, Parsing line) throws IOException {
        ObjectNode columns = JSON.createObjectNode();
        String reason = tooLarge;
        if (reason == null) {
            try {
                Fields fields = new Fields(tree(line.start()));
                format.read(fields, columns);
                if (format != Format.RECENTLY_PLAYED && !columns.has("extra")) {
                    columns.set("extra", fields.extra());
                }
                if (source != null && !source.equals(columns.path("source").asText(source))) {
                    throw new InvalidLineException("its source is not that of the lines before");
                }
            } catch (InvalidLineException e) {
                reason = e.getMessage();
            } catch (StreamConstraintsException e) {
                reason = "a number or a name in it is too long";
            } catch (RuntimeException e) {
                // The message could quote what is personal.
                reason = "it cannot be read: " + e.getClass().getSimpleName();
            }
        }
        if (reason != null) {
            columns.removeAll();
            columns.put("rejected_because", reason);
            columns.put("line", tooLarge == null ? kept(line) : "");
        }
        columns.put("position", lines);
        if (columns.has("source")) {
            source = columns.get("source").textValue();
        } else {
            columns.put("source", source());
        }
        return columns;
    }

    /** Returns the text of a rejected line, as far as it can be kept. */
    private static String kept(Parsing line) throws IOException {
        try {
            String text = tree(line.start()).toString();
            return text.length() <= MOST_KEPT ? text : Storable.text(text.substring(0, MOST_KEPT));
        } catch (StreamConstraintsException | RuntimeException e) {
            return "";
        }
    }

    private static JsonNode tree(JsonParser line) throws IOException {
        try (JsonParser parser = line) {
            if (parser.nextToken() == null) {
                throw new JsonParseException(parser, "a value is missing");
            }
            return Storable.json(parser);
        }
    }

    private static JsonParser parse(JsonText.Value value) throws IOException {
        ByteBuffer bytes = value.bytes();
        return JSON.createParser(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    private BrokenDocumentException broken(IOException fault) {
        if (fault instanceof JsonEOFException) {
            return BrokenDocumentException.endsEarly(
                    "It ends too early, after " + lines + " complete lines. Copy or download it again.", fault);
        }
        // The parser's own message could quote what is personal.
        String what = String.valueOf(fault.getMessage()).contains("UTF-8") ? ": it is not encoded in UTF-8" : "";
        JsonLocation place = fault instanceof JsonProcessingException e ? e.getLocation() : null;
        return new BrokenDocumentException(
                "It is not valid JSON (" + text.place(place) + ")" + what + ". Nothing was imported.", fault);
    }
}
