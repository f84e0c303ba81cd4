package tracklog.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tracklog.Settings;
import tracklog.TestProgram;

/** A command uses the database of the running program. If none runs, it starts the database itself. */
class AttachIT {

    private Path dataDir;

    @BeforeEach
    void makeDataDir() throws Exception {
        Files.createDirectories(Path.of("target/it"));
        dataDir = Files.createTempDirectory(Path.of("target/it"), "attach-");
    }

    @Test
    void attachesToTheRunningProgramWhateverItsPortAndLeavesItRunning() throws Exception {
        try (TestProgram program = TestProgram.start(dataDir, Map.of())) {
            program.execute("insert into listener (name, time_zone) values ('made by the program', 'UTC')");
            try (Store attached = Store.attachOrOpen(settings())) {
                assertThat(listeners(attached)).isEqualTo(2);
            }
            assertThat(program.number("select count(*) from listener")).isEqualTo(2);
        }
    }

    @Test
    void startsTheServerWhereNoProgramRunsAndStopsItAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Store opened = Store.attachOrOpen(settings())) {
                assertThat(listeners(opened)).isEqualTo(1);
            }
            assertThat(dataDir.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    private Settings settings() throws Exception {
        return new Settings(Map.of(
                "DATA_DIR",
                dataDir.toString(),
                "POSTGRES_BINARIES",
                "target/postgres-binaries",
                "DATABASE_PORT",
                Integer.toString(TestProgram.freePort())));
    }

    private static long listeners(Store store) throws Exception {
        try (var connection = store.dataSource().getConnection();
                var result = connection.createStatement().executeQuery("select count(*) from listener")) {
            result.next();
            return result.getLong(1);
        }
    }
}
