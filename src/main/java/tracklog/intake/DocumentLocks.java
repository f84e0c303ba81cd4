package tracklog.intake;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tracklog.store.SqlFiles;

/**
 * Who takes in a document, of any number of programs on one database: whoever holds its lock.
 *
 * <p>The lock belongs to a session of its own. It dies with the program, and another takes over at its next look.
 */
public final class DocumentLocks extends ServiceSupport implements IdempotentRepository {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentLocks.class);

    private final DataSource dataSource;
    private final Map<String, SingleConnectionDataSource> sessions = new ConcurrentHashMap<>();

    public DocumentLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Takes the lock. Returns false where another program holds it. */
    @Override
    public boolean add(String document) {
        try {
            SingleConnectionDataSource session = new SingleConnectionDataSource(dataSource.getConnection(), true);
            if (ask(session, "lock-document", document)) {
                sessions.put(document, session);
                return true;
            }
            session.destroy();
            return false;
        } catch (SQLException e) {
            throw new IllegalStateException("The database does not say who reads the file: " + e.getMessage(), e);
        }
    }

    /** Releases the lock, whatever became of the document. */
    @Override
    public boolean remove(String document) {
        SingleConnectionDataSource session = sessions.remove(document);
        try {
            return session != null && ask(session, "unlock-document", document);
        } catch (DataAccessException e) {
            LOG.debug("The session that held {} is gone, and its lock with it", document, e);
            return false;
        } finally {
            Optional.ofNullable(session).ifPresent(SingleConnectionDataSource::destroy);
        }
    }

    @Override
    public boolean confirm(String document) {
        return remove(document);
    }

    @Override
    public boolean contains(String document) {
        return sessions.containsKey(document);
    }

    @Override
    public void clear() {
        sessions.keySet().forEach(this::remove);
    }

    @Override
    protected void doStop() {
        clear();
    }

    private static boolean ask(SingleConnectionDataSource session, String statement, String document) {
        return new JdbcTemplate(session).queryForObject(SqlFiles.read(statement), Boolean.class, document);
    }
}
