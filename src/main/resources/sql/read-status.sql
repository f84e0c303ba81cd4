select current_setting('server_version')                         as database_version,
       now()                                                     as now,
       coalesce((select sum(plays) from heard_day), 0)           as plays,
       (select min(first_played_at) from play_count)             as first_played_at,
       (select max(last_played_at) from play_count)              as last_played_at,
       exists (select from connection where state = 'connected') as connected
