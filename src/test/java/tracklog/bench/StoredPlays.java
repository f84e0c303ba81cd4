package tracklog.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import tracklog.store.Store;

/** A household's plays of twenty years that are already there, made by the database itself. */
final class StoredPlays {

    private static final int LISTENERS = 4;
    private static final int AT_ONCE = 500_000;

    private static final String MORE_LISTENERS = """
            insert into listener (name, time_zone)
            select 'listener ' || i, 'Europe/Stockholm' from generate_series(2, ?) as i
                on conflict do nothing""";

    /** One track for each 50 plays; few are played often and many rarely. */
    private static final String TRACKS = """
            insert into track (track_key, uri, kind, name, album_artist_name, album_name)
            select track_key(uri, 'track', null, null), uri, 'track',
                   'Title ' || i, 'Artist ' || i % 4001, 'Album ' || i % 20011
              from (select i, 'spotify:track:' || 20000000000 + i || 'abcdefghijk' as uri
                      from generate_series(0, ?) as i) as made
             order by track_key
                on conflict do nothing""";

    /** Of one listener: each day two thirds of its plays' even distance, and then a night. */
    private static final String PLAYS = """
            with even as (
                select i,
                       timestamptz '2006-01-01' + i * interval '1 second' * (630720000.0 / ?) as at,
                       (? * power((i::bigint * 7919 % 100003) / 100003.0, 3))::integer        as track
                  from generate_series(?, ?) as i
            ),
            made as (
                select i, track, date_trunc('day', at) + (at - date_trunc('day', at)) * (2 / 3.0) as played_at
                  from even
            )
            insert into play (listener_id, played_at, track_id, ms_played, source, platform, country,
                              reason_start, reason_end, shuffle, skipped, offline, offline_at, incognito)
            select (select listener_id from listener order by listener_id offset ? limit 1),
                   date_trunc('second', played_at), track_id, 30000 + i % 200000, 'export',
                   'Android OS 5.0 API 21 (samsung, SM-G900F)', 'SE', 'trackdone',
                   case when i % 3 = 0 then 'fwdbtn' else 'trackdone' end,
                   i % 2 = 0, i % 3 = 0, false, date_trunc('second', played_at) - interval '170 seconds', false
              from made
              join track on uri = 'spotify:track:' || 20000000000 + made.track || 'abcdefghijk'
             order by played_at
                on conflict do nothing""";

    private StoredPlays() {}

    /** Fills an empty schema with about so many, of four listeners or, where there are few, of one. */
    static void fill(Store store, int plays) throws SQLException {
        fill(store, plays, plays >= LISTENERS * AT_ONCE ? LISTENERS : 1);
    }

    /** The same, of so many listeners. */
    static void fill(Store store, int plays, int listeners) throws SQLException {
        int each = plays / listeners;
        int tracks = Math.max(10, plays / 50);
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            execute(connection, MORE_LISTENERS, listeners);
            execute(connection, TRACKS, tracks);
            statement.execute("analyze track");
            for (int listener = 0; listener < listeners; listener++) {
                for (int from = 0; from < each; from += AT_ONCE) {
                    execute(connection, PLAYS, each, tracks, from, Math.min(each, from + AT_ONCE) - 1, listener);
                }
            }
            // As the program does by itself within a minute.
            statement.execute("call count_all_months()");
            statement.execute("vacuum analyze");
        }
    }

    private static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }
}
