package tracklog.spotify;

/** A Spotify account, and the name for its listener: one that a folder can have. */
public record Account(String id, String name) {

    static Account of(String id, String displayName) {
        String name = displayName == null ? "" : displayName.replaceAll("[\\p{Cntrl}/\\\\]|^\\.+", " ");
        return new Account(id, name.isBlank() ? id : name.strip());
    }
}
