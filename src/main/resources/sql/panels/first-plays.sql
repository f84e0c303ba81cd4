with wanted as (
    select listener_id,
           cast(:#first_day as date)::timestamp      at time zone time_zone as starts,
           (cast(:#last_day as date) + 1)::timestamp at time zone time_zone as ends
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
page as (
    select earliest.*
      from wanted
     cross join lateral (select play_id, track_id, local_time
                           from heard
                          where heard.listener_id = wanted.listener_id
                            and spoken = cast(:#spoken as boolean)
                            and played_at >= starts and played_at < ends
                          order by played_at, play_id
                          limit cast(:#limit as integer) + cast(:#offset as integer) + 1) as earliest
     where cast(:#artist as text) is null
     union all
    select earliest.*
      from wanted
      join track on shown_artist_key = name_key(cast(:#artist as text))
     cross join lateral (select play_id, track_id, local_time
                           from heard
                          where heard.listener_id = wanted.listener_id
                            and heard.track_id = track.track_id
                            and spoken = cast(:#spoken as boolean)
                            and played_at >= starts and played_at < ends
                          order by played_at, play_id
                          limit cast(:#limit as integer) + cast(:#offset as integer) + 1) as earliest
)
select play_id, play.listener_id, play.played_at, to_char(local_time, 'YYYY-MM-DD"T"HH24:MI:SS') as local_time,
       track.name, shown_artist_name as artist_name, album_name, uri as track_uri, kind, ms_played, duration_ms, source,
       (select string_agg(distinct coarser.source::text, ',')
          from play as coarser
         where coarser.same_as = play.play_id) as also_in
  from page
  join play using (play_id, track_id)
  join track using (track_id)
 order by played_at, play_id
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
