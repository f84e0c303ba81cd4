select current_setting('server_version')                    as database_version,
       now()                                                 as now,
       coalesce((select sum(plays) from heard_hour), 0)      as plays,
       (select min(played_at) from play)                     as first_played_at,
       (select max(played_at) from play)                     as last_played_at,
       exists (select from connection where state = 'connected') as connected
