package tracklog.spotify;

import tracklog.store.ListenerName;

/** A Spotify account, and the name that its listener gets. */
public record Account(String id, String name) {

    static Account of(String id, String displayName) {
        String name = ListenerName.cleaned(displayName == null ? "" : displayName);
        return new Account(id, name.isEmpty() ? id : name);
    }
}
