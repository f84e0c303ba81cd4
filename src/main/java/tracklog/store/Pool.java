package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;

/** What leads to a database. It prints as nothing, so that no log can show the password. */
record Pool(String url, String user, String password) {

    /** Opens connections to one schema, which is created and migrated first where that is needed. */
    void open(HikariDataSource dataSource, String schema, ZoneId timeZone) throws IOException {
        dataSource.setPoolName(schema);
        dataSource.setJdbcUrl(url);
        dataSource.setUsername(user);
        dataSource.setPassword(password);
        dataSource.setSchema(schema);
        dataSource.setMaximumPoolSize(10);
        dataSource.setMinimumIdle(1);
        dataSource.setConnectionTimeout(10_000);
        dataSource.setInitializationFailTimeout(-1);
        // No other program has this name. Its polls are alive as long as a session has it.
        dataSource.addDataSourceProperty("ApplicationName", "tracklog " + UUID.randomUUID());
        dataSource.addDataSourceProperty("reWriteBatchedInserts", "true");
        dataSource.addDataSourceProperty("tcpKeepAlive", "true");
        dataSource.addDataSourceProperty("logServerErrorDetail", "false");
        // Each file of views and functions contains a hash of all, so that Flyway runs all again if one has changed.
        int views = 0;
        for (var file : new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/R__*.sql")) {
            views += file.getContentAsString(UTF_8).hashCode();
        }
        try {
            Flyway.configure()
                    .dataSource(dataSource)
                    .schemas(schema)
                    .connectRetries(5)
                    .placeholders(Map.of("views", Integer.toString(views)))
                    // By default Flyway accepts tables of a newer program. Unknown views do not matter: they are
                    // dropped.
                    .ignoreMigrationPatterns("repeatable:*")
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw new IOException("The tables are of a newer Tracklog. Start that one. " + e.getMessage(), e);
        }
        // One listener exists from the start. Files in the root of the inbox belong to it.
        new JdbcTemplate(dataSource).update(SqlFiles.read("add-first-listener"), timeZone.getId());
    }

    @Override
    public String toString() {
        return "the database";
    }
}
