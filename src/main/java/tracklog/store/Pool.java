package tracklog.store;

import com.zaxxer.hikari.HikariDataSource;
import java.time.ZoneId;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/** What leads to a database. It prints as nothing, so that no log can show the password. */
record Pool(String url, String user, String password) {

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
                .load()
                .migrate();
        // One listener exists from the start. Files in the root of the inbox belong to it.
        new JdbcTemplate(dataSource).update(SqlFiles.read("add-first-listener"), timeZone.getId());
    }

    @Override
    public String toString() {
        return "the database";
    }
}
