package tracklog.intake;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tracklog.store.SqlFiles;

/**
 * The locks of files, of which each has one holder among all programs on a database.
 *
 * <p>They belong to one session, which is open while there are any. They die with the program, and another one takes
 * over at its next look.
 */
public final class DocumentLocks {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentLocks.class);

    private final DataSource dataSource;
    private final Set<FoundFile> held = new HashSet<>();
    private SingleConnectionDataSource session;

    public DocumentLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Takes the lock. Returns false if it is held, by another program or by this one. */
    public synchronized boolean acquire(@Variable("file") FoundFile file) throws SQLException {
        // A session gets its own locks again.
        if (held.contains(file)) {
            return false;
        }
        if (session == null) {
            session = new SingleConnectionDataSource(dataSource.getConnection(), true);
        }
        try {
            if (ask("lock-document", file)) {
                held.add(file);
                return true;
            }
            return false;
        } catch (DataAccessException e) {
            // The session is gone, and all its locks with it.
            held.clear();
            throw e;
        } finally {
            closeIfUnused();
        }
    }

    /** Releases the lock if this program holds it. */
    public synchronized void release(@Variable("file") FoundFile file) {
        try {
            if (held.remove(file)) {
                ask("unlock-document", file);
            }
        } catch (DataAccessException e) {
            LOG.debug("The session that held {} is gone, and its lock with it", file.name(), e);
        } finally {
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (held.isEmpty() && session != null) {
            session.destroy();
            session = null;
        }
    }

    private boolean ask(String statement, FoundFile file) {
        return new JdbcTemplate(session)
                .queryForObject(SqlFiles.read(statement), Boolean.class, file.shelf() + " " + file.name());
    }
}
