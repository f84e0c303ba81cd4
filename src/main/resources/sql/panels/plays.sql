with found as materialized (
    select track_id
      from track
     where cast(:#search as text) is not null
       and strpos(search_text, fold(cast(:#search as text))) > 0
),
wanted as (
    select *
      from play
     where same_as is null
       and (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
       and (cast(:#source as text) is null or source = cast(:#source as source))
       and played_at >= coalesce(cast(:#wanted_from as date) - interval '1 day', '-infinity')
       and played_at <  coalesce(cast(:#wanted_to as date) + interval '2 days', 'infinity')
       and (cast(:#before_at as bigint) is null
            or (played_at, play_id) < (timestamptz 'epoch' + cast(:#before_at as bigint) * interval '1 microsecond', cast(:#before_id as bigint)))
),
-- Few tracks are found sooner by their plays, many by looking through the plays.
page as (
    select * from wanted where cast(:#search as text) is null
    union all
    select * from wanted where (select count(*) from found) <= 1000 and track_id = any (array(select track_id from found))
    union all
    select * from wanted where (select count(*) from found) > 1000 and track_id in (select track_id from found)
)
select play_id, listener_id, played_at, to_char(played_at at time zone time_zone, 'YYYY-MM-DD"T"HH24:MI:SS') as local_time, track.name, shown_artist_name as artist_name, album_name, uri as track_uri,
       kind, ms_played, duration_ms, source,
       (select string_agg(distinct coarser.source::text, ',') from play as coarser where coarser.same_as = page.play_id) as also_in
  from page
  join track    using (track_id)
  join listener using (listener_id)
 where (cast(:#wanted_from as date) is null or (played_at at time zone time_zone)::date >= cast(:#wanted_from as date))
   and (cast(:#wanted_to as date)   is null or (played_at at time zone time_zone)::date <= cast(:#wanted_to as date))
 order by played_at desc, play_id desc
 limit cast(:#limit as integer) + 1
