package tracklog.merge;

import org.apache.camel.main.Main;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.Settings;
import tracklog.store.Store;

/** Binds what stages lines and pairs plays. */
public final class MergeBeans {

    private MergeBeans() {}

    public static void bind(Main main, Settings settings, Store store) {
        String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
        main.addOverrideProperty("camel.threadpool.config[documents].pool-size", cores);
        main.addOverrideProperty("camel.threadpool.config[documents].max-pool-size", cores);
        main.bind("staging", new Staging(store.dataSource()));
        main.bind(
                "reconciliation",
                new Reconciliation(new JdbcTemplate(store.dataSource()), settings.number("RECONCILE_TOLERANCE")));
    }
}
