package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The one rule for a listener's name: what it may be, and how folders in inbox, ZIP, bucket and archive are named. */
public final class ListenerName {

    private static final Pattern VALID = Pattern.compile("[^\\p{Cntrl}/\\\\.][^\\p{Cntrl}/\\\\]{0,99}");
    private static final Pattern INVALID_PART = Pattern.compile("[\\p{Cntrl}/\\\\]|^\\.+");
    private static final Pattern UNSAFE = Pattern.compile("[%+/\\\\<>:\"|?*\\p{Cntrl}]|^[. ]|[. ]$");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9]");

    private ListenerName() {}

    /** Tells whether a person may give a listener that name. */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /** Makes a valid name of what Spotify calls an account; empty where nothing is left of it. */
    public static String cleaned(String name) {
        return INVALID_PART.matcher(name).replaceAll(" ").strip();
    }

    /** Returns the folder of a listener, which every system can unpack; {@link #ofFolder} reads it back. */
    public static String folder(String name) {
        String folder = escaped(UNSAFE, name);
        // A name that a file system or a person could have written in another way is escaped as a whole.
        return ofFolder(folder).equals(name) ? folder : escaped(NOT_PLAIN, name);
    }

    private static String escaped(Pattern characters, String name) {
        return characters
                .matcher(name)
                .replaceAll(match -> HexFormat.of()
                        .withPrefix("%")
                        .withUpperCase()
                        .formatHex(match.group().getBytes(UTF_8)));
    }

    /**
     * Returns the listener whose folder that is; blank where it names nobody.
     *
     * <p>A folder that a person made counts as its composed form with single spaces. Escaped characters count as they
     * are.
     */
    public static String ofFolder(String folder) {
        String normal = Normalizer.normalize(folder, Normalizer.Form.NFC)
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        return decoded(normal).replaceAll("\\p{Cntrl}+", " ");
    }

    private static String decoded(String folder) {
        try {
            return URLDecoder.decode(folder.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            return folder;
        }
    }

    /**
     * Returns the listener of a path {@code listeners/NAME/...}, blank where NAME names nobody; null for other paths.
     */
    public static String ofPath(String path) {
        String[] steps = path.split("/", -1);
        if (!steps[0].equals("listeners")) {
            return null;
        }
        return steps.length < 3 ? "" : ofFolder(steps[1]);
    }
}
