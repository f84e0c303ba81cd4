package tracklog.observe;

import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Down when a listener has to be connected to Spotify again, or nothing could be collected for long.
 *
 * <p>Neither ready nor live depends on it: the page on which to reconnect must stay reachable, and a restart would not
 * help.
 */
public final class ConnectionsHealth extends TimedHealthCheck {

    private final JdbcTemplate database;
    private final String query;

    public ConnectionsHealth(DataSource dataSource) throws java.io.IOException {
        super("connections", "Whether listeners must be reconnected is not known while the database does not answer.");
        this.database = new JdbcTemplate(dataSource);
        this.query = new ClassPathResource("sql/connections-to-mend.sql")
                .getContentAsString(java.nio.charset.StandardCharsets.UTF_8);
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
