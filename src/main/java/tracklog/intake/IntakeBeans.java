package tracklog.intake;

import java.io.IOException;
import java.time.Duration;
import org.apache.camel.main.Main;
import tracklog.Settings;
import tracklog.store.Store;

/** Binds the inbox and the locks of the files in it. */
public final class IntakeBeans {

    private IntakeBeans() {}

    public static void bind(Main main, Settings settings, Store store) throws IOException {
        main.bind(
                "inbox",
                new Inbox(settings.path("HISTORY_INBOX"), Duration.ofMillis(settings.number("INBOX_PATIENCE"))));
        main.bind("documentLocks", new DocumentLocks(store.dataSource()));
    }
}
