package tracklog.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import tracklog.OneShot;
import tracklog.Settings;
import tracklog.intake.DroppedFile;
import tracklog.store.SqlFiles;
import tracklog.store.Store;

/**
 * Imports {@code public.listening_history}, the table of Tracklog's predecessor, as two documents: the polled plays
 * and the exported ones. They are reconciled like all others. Adopting twice is safe.
 */
public final class Adoption {

    private static final String UNDEFINED_TABLE = "42P01";

    private Adoption() {}

    /** @return what could not be imported, one line each; empty on success */
    public static List<String> adopt(Settings settings, Store store) throws Exception {
        Path zip = Files.createTempFile("listening_history", ".zip");
        try {
            write(settings, store, zip);
            try (DroppedFile drop = DroppedFile.open(zip, "public.listening_history")) {
                OneShot.importFile(settings, store, drop);
                return drop.failures();
            }
        } finally {
            Files.delete(zip);
        }
    }

    /** Writes from one snapshot, because the predecessor may still be running. */
    private static void write(Settings settings, Store store, Path file) throws IOException {
        try (ReadOnlySnapshot snapshot = ReadOnlySnapshot.of(source(settings, store));
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            write(snapshot.database(), true, new DocumentWriter(zip, "polled.json", "["));
            write(snapshot.database(), false, new DocumentWriter(zip, "exported.json", "["));
        } catch (CannotCreateTransactionException e) {
            throw new IllegalArgumentException(
                    "The connection to the database to adopt from failed: "
                            + e.getCause().getMessage()
                            + " (ADOPT_URL, ADOPT_USER, ADOPT_PASSWORD)",
                    e);
        } catch (BadSqlGrammarException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLException().getSQLState())) {
                throw e;
            }
            String url = settings.get("ADOPT_URL").isEmpty() ? store.location() : settings.get("ADOPT_URL");
            throw new IllegalArgumentException(
                    "There is no table public.listening_history in " + url.replaceFirst("[?].*", "")
                            + ". Name the database that holds it in ADOPT_URL, ADOPT_USER and ADOPT_PASSWORD.",
                    e);
        }
    }

    private static DataSource source(Settings settings, Store store) {
        return settings.get("ADOPT_URL").isEmpty()
                ? store.dataSource()
                : new DriverManagerDataSource(
                        settings.postgresUrl("ADOPT"),
                        settings.get("ADOPT_USER"),
                        settings.secret("ADOPT_PASSWORD").orElse(null));
    }

    private static void write(JdbcTemplate database, boolean polled, DocumentWriter document) throws IOException {
        String plays = SqlFiles.read("adopt-listening-history");
        try (Stream<String> lines = database.queryForStream(plays, (row, number) -> row.getString("line"), polled)) {
            for (String line : (Iterable<String>) lines::iterator) {
                document.add(line);
            }
        }
        document.end("]");
    }
}
