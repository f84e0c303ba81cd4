select listener_id, source, count(*) as plays, count(*) filter (where same_as is null) as standing,
       min(played_at) as first_played_at, max(played_at) as last_played_at
  from play
 where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
 group by listener_id, source
 order by listener_id, source
