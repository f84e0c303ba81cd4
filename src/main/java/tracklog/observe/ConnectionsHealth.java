package tracklog.observe;

import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.store.SqlFiles;

/**
 * Is down when a listener must be reconnected to Spotify, or nothing could be collected for a long time.
 *
 * <p>Readiness and liveness do not depend on it: the page that reconnects must stay reachable, and a restart would not help.
 */
public final class ConnectionsHealth extends TimedHealthCheck {

    private final JdbcTemplate database;
    private final String query;

    public ConnectionsHealth(DataSource dataSource) {
        super("connections", "Whether listeners must be reconnected is not known while the database does not answer.");
        this.database = new JdbcTemplate(dataSource);
        this.query = SqlFiles.read("connections-to-mend");
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected Optional<String> problem() {
        var problems = database.queryForList(query, String.class);
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", problems));
    }
}
