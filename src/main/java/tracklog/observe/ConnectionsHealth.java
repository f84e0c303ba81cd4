package tracklog.observe;

import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.store.SqlFiles;

/**
 * Down when a listener has to be connected to Spotify again, or nothing could be collected for long.
 *
 * <p>Neither ready nor live depends on it: the page on which to reconnect must stay reachable, and a restart would not
 * help.
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
