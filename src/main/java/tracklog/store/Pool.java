package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;

/** What leads to a database. It prints as nothing, so that no log can show the password. */
record Pool(String url, String user, String password) {

    private static final String VIEWS = "classpath:db/migration/R__*.sql";

    /** Opens connections to one schema, which is created and migrated first where that is needed. */
    void open(HikariDataSource dataSource, String schema, ZoneId timeZone) {
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
        Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .connectRetries(5)
                .placeholders(Map.of("views", Integer.toString(hashOfViews())))
                // Other migrations that this program does not know are of a newer one, which Flyway would ignore.
                .ignoreMigrationPatterns("repeatable:*")
                .load()
                .migrate();
        // One listener exists from the start. Files in the root of the inbox belong to it.
        new JdbcTemplate(dataSource).update(SqlFiles.read("add-first-listener"), timeZone.getId());
    }

    /** Flyway runs all files of views and functions again if this hash, which each contains, has changed. */
    private static int hashOfViews() {
        try {
            int hash = 0;
            for (Resource file : new PathMatchingResourcePatternResolver().getResources(VIEWS)) {
                hash += file.getContentAsString(UTF_8).hashCode();
            }
            return hash;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "the database";
    }
}
