package tracklog.backup;

import org.apache.camel.main.Main;
import tracklog.Settings;
import tracklog.store.Store;

/** Binds the folder of backups. */
public final class BackupBeans {

    private BackupBeans() {}

    public static void bind(Main main, Settings settings, Store store) {
        main.bind("backups", new Backups(settings, store));
    }
}
