package tracklog.merge;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.ExchangeBuilder;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tracklog.TestProgram;
import tracklog.store.SqlFiles;

/** Runs the real merge and reconciliation on lines of a test, with one transaction for each document or poll. */
final class Merge {

    private static final String STAGE =
            "insert into staged_line (listener_id, position, spelling, source, played_at, ms_played, kind, uri, name,"
                    + " artist_name, album_artist_name, album_name, duration_ms, isrc, popularity,"
                    + " context_uri, circumstance, offline, started_at, reported_at)"
                    + " select ?, row_number() over (), row_number() over (), source, played_at, ms_played, kind,"
                    + " uri, name, artist_name, album_artist_name, album_name, duration_ms, isrc, popularity,"
                    + " context_uri, case when offline is not null then row_number() over () end, offline,"
                    + " started_at, reported_at"
                    + " from json_populate_recordset(null::staged_line, cast(? as json))";

    private static final String CREATE_STAGING = SqlFiles.read("create-staging");

    private final TestProgram program;
    private final ProducerTemplate routes;
    private final JdbcTemplate database;
    private final TransactionTemplate transaction;

    Merge(TestProgram program) {
        this.program = program;
        this.routes = program.context().createProducerTemplate();
        this.database = new JdbcTemplate(program.store().dataSource());
        this.transaction = new TransactionTemplate(
                new DataSourceTransactionManager(program.store().dataSource()));
    }

    int newListener() {
        return database.queryForObject(
                "insert into listener (name, time_zone) values (gen_random_uuid()::text, 'Europe/Stockholm')"
                        + " returning listener_id",
                Integer.class);
    }

    /** Merges a document's lines, or a poll's items, as the routes do. */
    void merge(int listener, List<Line> lines) {
        StringBuilder json = new StringBuilder();
        lines.forEach(line -> json.append(json.isEmpty() ? "[" : ",").append(line.columns()));
        transaction.executeWithoutResult(status -> {
            database.execute("set local synchronous_commit = off");
            database.execute(CREATE_STAGING);
            database.update(STAGE, listener, json.append(']').toString());
            send("direct:merge-staged-lines", listener);
        });
    }

    /** Recomputes all pairs of a listener and returns how many changed. */
    int reconcile(int listener) {
        return transaction.execute(
                status -> send("direct:reconcile-listener", listener).getVariable("pairs_changed", Integer.class));
    }

    /** Does so in the way of a long document, which searches all plays of its listeners. */
    int reconcileMany(int listener) {
        return transaction.execute(status -> {
            database.execute(SqlFiles.read("create-affected-plays"));
            database.update(
                    "insert into affected_play select min(play_id) from play, generate_series(1, 5001) as i"
                            + " where listener_id = ? group by i",
                    listener);
            return send("direct:reconcile-listener", listener).getVariable("pairs_changed", Integer.class);
        });
    }

    /** Returns the number of plays that are shown for a listener. */
    long listened(int listener) {
        return database.queryForObject("select count(*) from listening where listener_id = ?", Long.class, listener);
    }

    private Exchange send(String route, int listener) {
        Exchange exchange = ExchangeBuilder.anExchange(program.context()).build();
        exchange.setVariable("listener_id", listener);
        routes.send(route, exchange);
        if (exchange.getException() != null) {
            throw new AssertionError(route + " failed", exchange.getException());
        }
        return exchange;
    }
}
