select listener_id, source, plays, standing, first_played_at, last_played_at
  from play_count
 where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
 order by listener_id, source
