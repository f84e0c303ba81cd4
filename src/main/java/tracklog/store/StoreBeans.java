package tracklog.store;

import org.apache.camel.main.Main;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Binds the pool, and the transactions of {@code transacted}. */
public final class StoreBeans {

    private StoreBeans() {}

    public static void bind(Main main, Store store) {
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(store.dataSource());
        main.bind("dataSource", store.dataSource());
        main.bind("transactionManager", transactions);
        main.bind("transaction", new SpringTransactionPolicy(transactions));
    }
}
