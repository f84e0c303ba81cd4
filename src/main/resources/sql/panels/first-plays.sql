select play_id, listener_id, played_at, to_char(local_time, 'YYYY-MM-DD"T"HH24:MI:SS') as local_time, track.name, track.shown_artist_name as artist_name, track.album_name, track.uri as track_uri,
       track.kind, play.ms_played, track.duration_ms, play.source,
       (select string_agg(distinct coarser.source::text, ',') from play as coarser where coarser.same_as = play.play_id) as also_in
  from heard
  join track using (track_id)
  join play  using (play_id, listener_id, played_at, track_id)
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
   and day between cast(:#first_day as date) and cast(:#last_day as date)
   and played_at >= cast(:#first_day as date) - interval '1 day'
   and (cast(:#artist as text) is null or track.shown_artist_key = md5(fold(cast(:#artist as text)))::uuid)
 order by played_at, play_id
 limit cast(:#limit as integer)
