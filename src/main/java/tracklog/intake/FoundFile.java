package tracklog.intake;

/**
 * A file that was found and is to be imported.
 *
 * @param shelf {@code inbox} or {@code bucket}: the routes {@code fetch-from-SHELF} and {@code move-in-SHELF} handle it
 * @param name the path below the inbox, or the key in the bucket
 */
public record FoundFile(String shelf, String name) {

    /** Returns the folder, whose files are imported in one merge. */
    public String group() {
        return shelf + "/" + name.substring(0, name.lastIndexOf('/') + 1);
    }
}
