package tracklog.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The documents that hold listening history, told apart by the fields of their lines. */
public enum Format {
    /** Each of its lines says its own source, the same in a whole document. */
    TRACKLOG("export", "tracklog", "source") {
        @Override
        void read(Fields line, ObjectNode columns) throws InvalidLineException {
            TracklogExport.read(line, columns);
        }
    },
    EXTENDED_HISTORY("export", "spotify_track_uri", "ms_played", "ts", "master_metadata_track_name") {
        @Override
        void read(Fields line, ObjectNode columns) throws InvalidLineException {
            ExtendedHistory.read(line, columns);
        }
    },
    ACCOUNT_DATA("account_data", "endTime", "msPlayed", "trackName", "episodeName") {
        @Override
        void read(Fields line, ObjectNode columns) throws InvalidLineException {
            AccountData.read(line, columns);
        }
    },
    RECENTLY_PLAYED("recently_played", "played_at", "track") {
        @Override
        void read(Fields line, ObjectNode columns) throws InvalidLineException {
            RecentlyPlayed.read(line, columns);
        }
    };

    private final String source;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> telling;

    Format(String source, String... telling) {
        this.source = source;
        this.telling = List.of(telling);
    }

    /** Two of its telling fields are enough, so that a line may lack some. */
    static Optional<Format> of(JsonNode line) {
        return Stream.of(values())
                .filter(format ->
                        format.telling.stream().filter(line::has).limit(2).count() == 2)
                .findFirst();
    }

    /** The value of the SQL type {@code source}. */
    String source() {
        return source;
    }

    /** The value of {@code import.format}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Types a line into the columns of {@code staged_line}.
     *
     * @throws InvalidLineException if it cannot become a play
     */
    abstract void read(Fields line, ObjectNode columns) throws InvalidLineException;
}
