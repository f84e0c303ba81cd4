package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The formats of documents that hold listening history. The fields of a line tell its format. */
@SuppressWarnings("ImmutableEnumChecker") // The list and the readers never change.
public enum Format {
    /** Each line states its source, which is the same in a whole document. */
    TRACKLOG(TracklogExport::read, "export", "tracklog", "source"),
    EXTENDED_HISTORY(
            ExtendedHistory::read, "export", "spotify_track_uri", "ms_played", "ts", "master_metadata_track_name"),
    ACCOUNT_DATA(AccountData::read, "account_data", "endTime", "msPlayed", "trackName", "episodeName"),
    RECENTLY_PLAYED(RecentlyPlayed::read, "recently_played", "played_at", "track");

    /** Types a line into the columns of {@code staged_line}. */
    interface LineReader {
        /** @throws InvalidLineException if the line cannot become a play */
        void read(Fields line, ObjectNode columns) throws InvalidLineException;
    }

    private final LineReader reader;
    private final String source;
    private final List<String> telling;

    Format(LineReader reader, String source, String... telling) {
        this.reader = reader;
        this.source = source;
        this.telling = List.of(telling);
    }

    /** Returns the format that has two of the line's fields: a line may lack the others. */
    static Optional<Format> of(JsonNode line) {
        return Stream.of(values())
                .filter(format ->
                        format.telling.stream().filter(line::has).limit(2).count() == 2)
                .findFirst();
    }

    /** Returns the value of the SQL type {@code source}. */
    String source() {
        return source;
    }

    /** Returns the value of {@code import.format}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    void read(Fields line, ObjectNode columns) throws InvalidLineException {
        reader.read(line, columns);
    }
}
