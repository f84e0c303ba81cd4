package tracklog.observe;

import java.sql.Connection;
import java.util.Optional;
import tracklog.store.Store;

/** Is down when the database does not answer: the program runs, and can store and show nothing. */
public final class DatabaseHealth extends TimedHealthCheck {

    private final Store store;

    public DatabaseHealth(Store store) {
        super("database", store.remedy());
        this.store = store;
    }

    @Override
    protected Optional<String> problem() throws Exception {
        try (Connection connection = store.dataSource().getConnection()) {
            return connection.isValid(2) ? Optional.empty() : Optional.of("The connection to the database is broken.");
        }
    }
}
