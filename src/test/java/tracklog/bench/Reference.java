package tracklog.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import tracklog.document.Lines;
import tracklog.store.Store;

/** Other ways to store the plays of {@link Lines}: a lower bound for any import, and other implementations. */
final class Reference {

    private static final String COPIED = "copy prepared from stdin";

    private static final String PREPARED = """
            create temporary table prepared (
                played_at timestamptz, ms_played integer, uri text, name text, artist_name text, album_name text,
                platform text, country text, reason_start text, reason_end text,
                shuffle boolean, skipped boolean, offline boolean, offline_at timestamptz, incognito boolean
            ) on commit drop""";

    private static final String WIDE_TABLE = """
            create table wide_history (
                played_at timestamptz, ms_played integer, uri text, name text, artist_name text, album_name text,
                platform text, country text, reason_start text, reason_end text,
                shuffle boolean, skipped boolean, offline boolean, offline_at timestamptz, incognito boolean,
                unique (played_at, uri, ms_played))""";

    private static final String INTO_WIDE_TABLE =
            "insert into wide_history select * from prepared on conflict do nothing";

    private static final String ONE_TABLE = """
            create table listening_history_of_old (
                id serial primary key, track_uri text, track_name text, artist_name text, album_name text,
                played_at timestamp, ms_played integer, popularity integer, unique (track_uri, played_at))""";

    static final String ONE_ROW = """
            insert into listening_history_of_old (track_uri, track_name, artist_name, album_name, played_at, ms_played)
            values (?, ?, ?, ?, cast(? as timestamp), ?) on conflict do nothing""";

    private static final String INTO_ONE_TABLE = """
            insert into listening_history_of_old (track_uri, track_name, artist_name, album_name, played_at, ms_played)
            select uri, name, artist_name, album_name, played_at, ms_played
              from prepared
                on conflict do nothing""";

    private Reference() {}

    /** Writes the rows in the format of COPY. */
    static void prepare(int lines, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
            for (int i = 0; i < lines; i++) {
                int track = Lines.track(i);
                Instant end = Lines.endedAt(i);
                out.write(String.join(
                        "\t",
                        end.toString(),
                        Integer.toString(Lines.milliseconds(i)),
                        Lines.uri(track),
                        "Song " + track,
                        "Artist " + track % 501,
                        "Album " + track % 1_009 + " of the artist",
                        Lines.platform(i),
                        "SE",
                        "trackdone",
                        i % 3 == 0 ? "fwdbtn" : "trackdone",
                        Boolean.toString(i % 2 == 0),
                        Boolean.toString(i % 3 == 0),
                        "false",
                        end.minusSeconds(170).toString(),
                        "false\n"));
            }
        }
    }

    /** Copies prepared rows and inserts them into one wide table with a unique key. Returns the seconds. */
    static double copyIntoWideTable(Store store, Path prepared) throws Exception {
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(WIDE_TABLE);
        }
        return copyAnd(store, prepared, INTO_WIDE_TABLE);
    }

    /** Does the same with the single table of the first pipeline: the lower bound for storing each play once. */
    static double copyIntoOneTable(Store store, Path prepared) throws Exception {
        makeOneTable(store.dataSource());
        return copyAnd(store, prepared, INTO_ONE_TABLE);
    }

    private static double copyAnd(Store store, Path prepared, String... statements) throws Exception {
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            return Bench.seconds(() -> {
                connection.setAutoCommit(false);
                statement.execute(PREPARED);
                try (Reader rows = Files.newBufferedReader(prepared, UTF_8)) {
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPIED, rows);
                }
                statement.execute("analyze prepared");
                for (String sql : statements) {
                    statement.execute(sql);
                }
                connection.commit();
            });
        }
    }

    static void makeOneTable(DataSource dataSource) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ONE_TABLE);
        }
    }

    /** Inserts prepared values into one table in batches of 1,000, each committed. Returns the seconds. */
    static double batches(HikariDataSource pool, int lines) throws Exception {
        makeOneTable(pool);
        // Uses the driver's defaults, without the settings of Tracklog's pool.
        String url =
                pool.getJdbcUrl() + (pool.getJdbcUrl().contains("?") ? "&" : "?") + "currentSchema=" + pool.getSchema();
        try (Connection connection = DriverManager.getConnection(url, pool.getUsername(), pool.getPassword());
                PreparedStatement insert = connection.prepareStatement(ONE_ROW)) {
            connection.setAutoCommit(false);
            return Bench.seconds(() -> {
                for (int i = 0; i < lines; i++) {
                    int track = Lines.track(i);
                    insert.setString(1, Lines.uri(track));
                    insert.setString(2, "Song " + track);
                    insert.setString(3, "Artist " + track % 501);
                    insert.setString(4, "Album " + track % 1_009 + " of the artist");
                    insert.setString(5, Lines.endedAt(i).toString());
                    insert.setInt(6, Lines.milliseconds(i));
                    insert.addBatch();
                    if (i % 1_000 == 999 || i == lines - 1) {
                        insert.executeBatch();
                        connection.commit();
                    }
                }
            });
        }
    }

    static long count(DataSource dataSource, String table) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from " + table)) {
            result.next();
            return result.getLong(1);
        }
    }
}
