package tracklog.backup;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** The database as of one moment. Only the thread that opened it may use it, until it is closed. */
record ReadOnlySnapshot(JdbcTemplate database, DataSourceTransactionManager transactions, TransactionStatus transaction)
        implements AutoCloseable {

    private static final int ROWS_AT_A_TIME = 1_000;

    static ReadOnlySnapshot of(DataSource dataSource) {
        DefaultTransactionDefinition snapshot =
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        JdbcTemplate database = new JdbcTemplate(dataSource);
        database.setFetchSize(ROWS_AT_A_TIME);
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(dataSource);
        return new ReadOnlySnapshot(database, transactions, transactions.getTransaction(snapshot));
    }

    @Override
    public void close() {
        transactions.rollback(transaction);
    }
}
