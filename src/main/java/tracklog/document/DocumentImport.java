package tracklog.document;

import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;

/** A document on its way into the database, and what became of it. */
public final class DocumentImport {

    private static final Content NOTHING = new Content(0, "empty", "", "");

    /**
     * What a document holds.
     *
     * @param source the SQL value of {@code source} for its plays; empty without lines
     * @param listener the listener that it describes, as JSON; empty without one
     */
    public record Content(long lines, String format, String source, String listener) {}

    private final Document document;
    private long importId;
    private int listenerId;
    private Content content = NOTHING;
    private String state = "done";
    private String reason;
    private boolean endsEarly;
    private Map<String, Object> counts = Map.of();

    public DocumentImport(Document document) {
        this.document = document;
    }

    /** Takes the ids of the row of {@code import} that was inserted for it. */
    public static void begin(@Body DocumentImport document, @Variable("import") Map<String, Object> row) {
        document.importId = ((Number) row.get("import_id")).longValue();
        document.listenerId = ((Number) row.get("listener_id")).intValue();
    }

    public static void fail(@Body DocumentImport document, @ExchangeException BrokenDocumentException fault) {
        document.end("failed", fault.getMessage());
        document.endsEarly = fault.endsEarly();
    }

    public static void leave(@Body DocumentImport document, @ExchangeException NoHistoryException reason) {
        document.end("no_history", reason.getMessage());
    }

    /** Takes the counts that the database wrote into its row. */
    public static void finish(@Body DocumentImport document, @Variable("counts") Map<String, Object> counts) {
        document.counts = counts;
    }

    /** Forgets an earlier try. */
    public void restart() {
        end("done", null);
        content = NOTHING;
        endsEarly = false;
    }

    public void read(Content read) {
        content = read;
    }

    private void end(String newState, String newReason) {
        state = newState;
        reason = newReason;
    }

    public Document document() {
        return document;
    }

    public long importId() {
        return importId;
    }

    public int listenerId() {
        return listenerId;
    }

    public Content content() {
        return content;
    }

    /** Returns the value of {@code import.state}: {@code done}, {@code failed} or {@code no_history}. */
    public String state() {
        return state;
    }

    /** Returns why it is not imported; null if it is. */
    public String reason() {
        return reason;
    }

    /** Tells whether its end is missing, so that it may still be being copied. */
    public boolean endsEarly() {
        return endsEarly;
    }

    /** Returns a line for the log. */
    public String outcome() {
        return switch (state) {
            case "done" ->
                "Imported %s (%s): %d lines read = %s new plays + %s known + %s rejected"
                        .formatted(
                                document.name(),
                                content.format(),
                                content.lines(),
                                counts.get("inserted"),
                                counts.get("duplicates"),
                                counts.get("rejected"));
            case "no_history" -> document.name() + " was left alone: " + reason;
            default -> document.name() + " was not imported: " + reason;
        };
    }
}
