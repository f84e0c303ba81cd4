package tracklog.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tracklog.OneShot;
import tracklog.Settings;
import tracklog.intake.DroppedFile;
import tracklog.store.SqlFiles;
import tracklog.store.Store;

/**
 * Imports {@code public.listening_history}, the table of Tracklog's predecessor, as two documents: the polled plays and the
 * exported ones. They are reconciled like all others. Adopting twice is safe.
 */
public final class Adoption {

    private static final String UNDEFINED_TABLE = "42P01";

    private Adoption() {}

    /** @return what could not be imported, one line each; empty on success */
    public static List<String> adopt(Settings settings, Store store) throws Exception {
        Path zip = Files.createTempFile("listening_history", ".zip");
        try {
            try (Connection connection = connect(settings, store)) {
                write(connection, zip);
            }
            try (DroppedFile drop = DroppedFile.open(zip, "public.listening_history")) {
                OneShot.importFile(settings, store, drop);
                return drop.failures();
            }
        } finally {
            Files.delete(zip);
        }
    }

    private static Connection connect(Settings settings, Store store) throws SQLException {
        if (settings.get("ADOPT_URL").isEmpty()) {
            return store.dataSource().getConnection();
        }
        String url = settings.postgresUrl("ADOPT");
        try {
            return DriverManager.getConnection(
                    url,
                    settings.get("ADOPT_USER"),
                    settings.secret("ADOPT_PASSWORD").orElse(null));
        } catch (SQLException e) {
            throw new SQLException(
                    "The connection to the database to adopt from failed: " + e.getMessage()
                            + " (ADOPT_URL, ADOPT_USER, ADOPT_PASSWORD)",
                    e.getSQLState(),
                    e);
        }
    }

    private static void write(Connection connection, Path file) throws IOException, SQLException {
        // One snapshot: the predecessor may still be running. The driver streams only without auto-commit.
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
                PreparedStatement rows = connection.prepareStatement(SqlFiles.read("adopt-listening-history"))) {
            rows.setFetchSize(1_000);
            for (boolean polled : new boolean[] {true, false}) {
                rows.setBoolean(1, polled);
                zip.putNextEntry(new ZipEntry(polled ? "polled.json" : "exported.json"));
                String before = "[\n";
                try (ResultSet row = rows.executeQuery()) {
                    while (row.next()) {
                        zip.write((before + row.getString("line")).getBytes(UTF_8));
                        before = ",\n";
                    }
                }
                zip.write((before.equals("[\n") ? "[]\n" : "\n]\n").getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw new SQLException(
                        "There is no table public.listening_history in "
                                + connection.getMetaData().getURL().replaceFirst("[?].*", "")
                                + ". Name the database that holds it in ADOPT_URL, ADOPT_USER and ADOPT_PASSWORD.",
                        e);
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }
}
