package tracklog.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracklog.store.SqlFiles;

/**
 * Who takes in a document, of any number of programs on one database: whoever holds its lock.
 *
 * <p>The lock belongs to a session of its own. It dies with the program, and another takes over at its next look.
 */
public final class DocumentLocks extends ServiceSupport implements IdempotentRepository {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentLocks.class);

    private final DataSource dataSource;
    private final Map<String, Connection> sessions = new ConcurrentHashMap<>();

    public DocumentLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Takes the lock. False where another holds it. */
    @Override
    public boolean add(String document) {
        try {
            Connection session = dataSource.getConnection();
            if (ask(session, SqlFiles.read("lock-document"), document)) {
                sessions.put(document, session);
                return true;
            }
            session.close();
            return false;
        } catch (SQLException e) {
            throw new IllegalStateException("The database does not say who reads it: " + e.getMessage(), e);
        }
    }

    /** Gives it back, whatever became of the document. */
    @Override
    public boolean remove(String document) {
        try (Connection session = sessions.remove(document)) {
            return session != null && ask(session, SqlFiles.read("unlock-document"), document);
        } catch (SQLException e) {
            LOG.debug("The session that held {} is gone, and its lock with it", document, e);
            return false;
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

    private static boolean ask(Connection session, String question, String document) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(question)) {
            statement.setString(1, document);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }
}
