package tracklog.document;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.apache.commons.io.input.ReaderInputStream;

/**
 * Cuts a JSON text into its values without understanding them, so that each line can be read, and fail, by itself.
 *
 * <p>One value at a time is in memory, and none that is too large.
 */
final class JsonText {

    /** Real lines have a few thousand bytes, some 30 values and a depth of 5. */
    static final int LONGEST = 1 << 19;

    static final int MOST_VALUES = 10_000;
    static final int DEEPEST = 100;

    /** In Tracklog's own documents, a line holds what several lines told of a play. */
    private static final int OWN_FACTOR = 4;

    /** A value: bytes of a buffer that the next value overwrites. Of a value that is too large there are none. */
    record Value(ByteBuffer bytes, String tooLarge) {

        Value copy() {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return new Value(ByteBuffer.wrap(copy), tooLarge);
        }
    }

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int factor = 1;
    private int start;
    private int next;
    private int end;
    private long bytes;
    private long newLines;
    private long lastNewLine = -1;
    private long startNewLines;
    private long startColumn;
    private boolean dropped;

    JsonText(InputStream document) throws IOException {
        in = utf8(document);
        // A byte order mark has three bytes.
        next += peek() == 0xEF ? 3 : 0;
    }

    void isOwn() {
        factor = OWN_FACTOR;
    }

    /** Returns the number of bytes read so far. */
    long bytes() {
        return bytes;
    }

    /** Goes to the next byte that is no white space and returns it; -1 at the end. */
    int peek() throws IOException {
        for (start = next; next < end || fill(); start = ++next) {
            byte b = buffer[next];
            if (b == '\n') {
                newLine(next);
            } else if (b != ' ' && b != '\t' && b != '\r') {
                break;
            }
        }
        dropped = false;
        startNewLines = newLines;
        startColumn = bytes - end + next - lastNewLine;
        return next < end ? buffer[next] & 0xFF : -1;
    }

    /** Takes the next byte that is no white space if it is this one. */
    boolean take(char wanted) throws IOException {
        boolean taken = peek() == wanted;
        next += taken ? 1 : 0;
        return taken;
    }

    void require(char wanted) throws IOException {
        if (!take(wanted)) {
            throw peek() <= 0 ? endsEarly() : new JsonParseException(null, "'" + wanted + "' is missing");
        }
    }

    /** Takes the next value. */
    Value value() throws IOException {
        if (peek() <= 0) {
            throw endsEarly();
        }
        int values = 0;
        int deepest = 0;
        int depth = 0;
        boolean quoted = false;
        int at = next;
        scan:
        for (; ; at++) {
            if (at >= end) {
                next = at;
                if (!fill()) {
                    if (depth > 0 || quoted) {
                        throw endsEarly();
                    }
                    break;
                }
                at = next;
            }
            byte b = buffer[at];
            if (quoted) {
                while (b != '"' && (at += b == '\\' ? 2 : 1) < end) {
                    b = buffer[at];
                }
                if (at < end) {
                    quoted = false;
                    if (depth == 0) {
                        at++;
                        break;
                    }
                } else {
                    at--;
                }
                continue;
            }
            switch (b) {
                case '"' -> quoted = true;
                case '{', '[' -> {
                    values++;
                    deepest = Math.max(deepest, ++depth);
                }
                case '}', ']' -> {
                    depth--;
                    if (depth <= 0) {
                        at += depth + 1;
                        break scan;
                    }
                }
                case ',', ':', ' ', '\t', '\r', '\n' -> {
                    if (depth == 0) {
                        break scan;
                    }
                    if (b == ',') {
                        values++;
                    } else if (b == '\n') {
                        newLine(at);
                    }
                }
                // What ends in zeros may still be being copied.
                case 0 -> throw endsEarly();
                default -> {}
            }
        }
        next = at;
        return new Value(ByteBuffer.wrap(buffer, start, dropped ? 0 : next - start), tooLarge(values, deepest));
    }

    /** Returns what was read and not taken yet. */
    Value rest() {
        return new Value(ByteBuffer.wrap(buffer, next, end - next), null);
    }

    /** Describes a place in the value that was taken last; by default its start. */
    String place(JsonLocation place) {
        int line = place == null ? 1 : place.getLineNr();
        long column = place == null ? 1 : place.getColumnNr();
        return "text line " + (startNewLines + line) + ", column " + (line == 1 ? startColumn + column - 1 : column);
    }

    private String tooLarge(int values, int deepest) {
        if (dropped) {
            return "it has more than " + LONGEST * factor + " bytes";
        }
        if (values > MOST_VALUES * factor) {
            return "it has more than " + MOST_VALUES * factor + " values";
        }
        return deepest > DEEPEST * factor ? "it is nested more than " + DEEPEST * factor + " deep" : null;
    }

    private void newLine(int at) {
        newLines++;
        lastNewLine = bytes - end + at;
    }

    /** Reads on. What precedes the start of the value makes room, and so does a value that is too large. */
    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            next -= start;
            end -= start;
            start = 0;
        }
        if (end == buffer.length && end < LONGEST * factor) {
            buffer = Arrays.copyOf(buffer, end * 2);
        } else if (end == buffer.length || dropped) {
            dropped = true;
            next -= end;
            end = 0;
        }
        int count = in.read(buffer, end, buffer.length - end);
        bytes += Math.max(count, 0);
        end += Math.max(count, 0);
        return next < end || (count > 0 && fill());
    }

    static JsonEOFException endsEarly() {
        return new JsonEOFException(null, JsonToken.NOT_AVAILABLE, "it ends too early");
    }

    /** Recognises the encoding by the zeros and the mark among the first bytes: a JSON text begins with ASCII. */
    private static InputStream utf8(InputStream document) throws IOException {
        byte[] first = document.readNBytes(4);
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(first), document);
        String head = new String(first, ISO_8859_1).replaceAll("[\u00FE\u00FF]", "m");
        String charset =
                switch (head.replaceAll("[^\0m]", "x")) {
                    case "\0x\0x", "mm\0x" -> "UTF-16BE";
                    case "x\0x\0", "mmx\0" -> "UTF-16LE";
                    case "\0\0\0x", "\0\0mm" -> "UTF-32BE";
                    case "x\0\0\0", "mm\0\0" -> "UTF-32LE";
                    default -> null;
                };
        return charset == null
                ? all
                : ReaderInputStream.builder()
                        .setReader(new InputStreamReader(all, Charset.forName(charset)))
                        .setCharset(UTF_8)
                        .get();
    }
}
