package tracklog.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * A schema beside the real one, for a trial. It needs no right beyond those that the real one was made with.
 *
 * <p>A lock that dies with the program says that it is in use; the next one drops those that a crash left behind.
 */
final class ScratchSchema implements AutoCloseable {

    private static final String PREFIX = "tracklog_trial_";

    private final Connection lock;
    private final String name;

    ScratchSchema(DataSource dataSource) throws SQLException {
        name = PREFIX + RandomBits.hex(8);
        lock = dataSource.getConnection();
        try (Statement statement = lock.createStatement()) {
            statement.execute("select pg_advisory_lock(hashtext('" + name + "'))");
            sweep(statement);
        } catch (SQLException e) {
            lock.close();
            throw e;
        }
    }

    private static void sweep(Statement statement) throws SQLException {
        List<String> left = new ArrayList<>();
        try (ResultSet schemas = statement.executeQuery("select nspname from pg_namespace where nspname ~ '^" + PREFIX
                + "[0-9a-f]{16}$' and pg_try_advisory_lock(hashtext(nspname))")) {
            while (schemas.next()) {
                left.add(schemas.getString(1));
            }
        }
        for (String schema : left) {
            statement.execute("drop schema " + schema + " cascade");
            statement.execute("select pg_advisory_unlock(hashtext('" + schema + "'))");
        }
    }

    String name() {
        return name;
    }

    @Override
    public void close() throws SQLException {
        try (lock;
                Statement statement = lock.createStatement()) {
            statement.execute("drop schema if exists " + name + " cascade");
            statement.execute("select pg_advisory_unlock(hashtext('" + name + "'))");
        }
    }
}
