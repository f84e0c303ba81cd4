package tracklog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.ChildProgram;
import tracklog.TestProgram;

/** A program on a database that another version has left. */
class MigrationIT {

    private Path dataDir;

    @BeforeEach
    void newFolder() throws IOException {
        dataDir = ChildProgram.newDataDir();
    }

    @Test
    void rebuildsAllViewsIfOneHasChanged() throws Exception {
        try (Store store = open()) {
            database(store).execute("""
                    create view heard_once as select * from heard;
                    create function count_heard_once() returns bigint language sql as 'select count(*) from heard_once';
                    create schema reports;
                    create view reports.mine as select count(*) as plays from heard;
                    update flyway_schema_history set checksum = checksum + 1 where version is null;
                    insert into flyway_schema_history
                    select 1000, null, 'view of another program', 'SQL', 'R__99.sql', 0, 'tracklog', now(), 1, true
                    """);
        }
        try (Store store = open()) {
            assertThat(number(store, "select count(*) from pg_class where relname = 'heard_once'"))
                    .isZero();
            assertThat(number(store, "select count(*) from pg_proc where proname = 'count_heard_once'"))
                    .isZero();
            assertThat(number(store, "select plays from reports.mine")).isZero();
            assertThat(number(store, "select count(*) from count_heard(1, '2024-01-01', '2024-12-31', false, null)"))
                    .isOne();
            assertThat(number(
                            store,
                            "select count(*) from pg_class where has_table_privilege('tracklog_reader', oid, 'select')"
                                    + " and relname = 'heard'"))
                    .isOne();
        }
    }

    @Test
    void refusesTheTablesOfANewerProgram() throws Exception {
        try (Store store = open()) {
            database(store).execute("""
                    insert into flyway_schema_history
                    select 1000, '1000', 'tables', 'SQL', 'V1000__tables.sql', 0, 'tracklog', now(), 1, true""");
        }
        assertThatThrownBy(this::open).hasMessageContaining("newer Tracklog");
    }

    private Store open() throws Exception {
        return Store.open(TestProgram.settings(dataDir, Map.of()));
    }

    private static JdbcTemplate database(Store store) {
        return new JdbcTemplate(store.dataSource());
    }

    private static long number(Store store, String sql) {
        return database(store).queryForObject(sql, Long.class);
    }
}
