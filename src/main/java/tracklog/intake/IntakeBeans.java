package tracklog.intake;

import java.io.IOException;
import java.time.Duration;
import org.apache.camel.main.Main;
import tracklog.Settings;
import tracklog.store.Store;

/** Binds the inbox, and the pauses and locks of files. */
public final class IntakeBeans {

    private IntakeBeans() {}

    public static void bind(Main main, Settings settings, Store store) throws IOException {
        Pauses pauses = new Pauses(Duration.ofMillis(settings.number("INBOX_PATIENCE")));
        main.bind("pauses", pauses);
        main.bind("inbox", new Inbox(settings.path("HISTORY_INBOX"), pauses));
        main.bind("documentLocks", new DocumentLocks(store.dataSource()));
    }
}
