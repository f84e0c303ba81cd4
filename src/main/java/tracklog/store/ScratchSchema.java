package tracklog.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A schema beside the real one, for a trial. It needs no right beyond those that made the real one.
 *
 * <p>A session lock, which dies with the program, marks it as used. The next trial drops schemas that are not locked.
 */
final class ScratchSchema implements AutoCloseable {

    private final Connection session;
    private final JdbcTemplate database;
    private final String name = "tracklog_trial_" + RandomBits.hex(8);

    ScratchSchema(DataSource dataSource) throws SQLException {
        session = dataSource.getConnection();
        database = new JdbcTemplate(new SingleConnectionDataSource(session, true));
        try {
            call("lock-schema", name);
            database.queryForList(SqlFiles.read("abandoned-schemas"), String.class)
                    .forEach(this::drop);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    private void drop(String schema) {
        database.execute(SqlFiles.read("drop-schema").formatted(schema));
        call("unlock-schema", schema);
    }

    private void call(String statement, String schema) {
        database.query(SqlFiles.read(statement), row -> {}, schema);
    }

    @Override
    public void close() throws SQLException {
        try (session) {
            drop(name);
        }
    }
}
