package tracklog.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The moment in names of files: {@code 20261130T064500123Z}, UTC, so that names sort by time. */
public final class FileTime {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    /** Matches what {@link #now} returns. */
    public static final String PATTERN = "\\d{8}T\\d{9}Z";

    private FileTime() {}

    public static String now() {
        return FORMAT.format(Instant.now());
    }
}
