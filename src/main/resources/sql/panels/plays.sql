with found as materialized (
    select track_id
      from track
     where cast(:#search as text) is not null
       and strpos(search_text, fold(cast(:#search as text))) > 0
),
-- Few tracks are found sooner by their plays, many by looking through the plays.
way (by_track) as (
    select cast(:#search as text) is not null and count(*) <= 1000 from found
),
wanted as (
    select listener_id, time_zone,
           coalesce(cast(:#wanted_from as date)::timestamp at time zone time_zone, '-infinity')     as starts,
           coalesce((cast(:#wanted_to as date) + 1)::timestamp at time zone time_zone, 'infinity') as ends
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
page as (
    select latest.*
      from wanted
     cross join lateral (select *
                           from play
                          where play.listener_id = wanted.listener_id
                            and same_as is null
                            and played_at >= starts and played_at < ends
                            and (cast(:#source as text) is null or source = cast(:#source as source))
                            and (cast(:#before as text) is null
                                 or (played_at, play_id) < (timestamptz 'epoch'
                                                            + split_part(cast(:#before as text), '-', 1)::bigint
                                                              * interval '1 microsecond',
                                                            split_part(cast(:#before as text), '-', 2)::bigint))
                            and (cast(:#search as text) is null or track_id in (select track_id from found))
                          order by played_at desc, play_id desc
                          limit cast(:#limit as integer) + 1) as latest
     where not (select by_track from way)
     union all
    select play.*
      from wanted
      join play using (listener_id)
     where (select by_track from way)
       and track_id = any (array(select track_id from found))
       and same_as is null
       and played_at >= starts and played_at < ends
       and (cast(:#source as text) is null or source = cast(:#source as source))
       and (cast(:#before as text) is null
            or (played_at, play_id) < (timestamptz 'epoch'
                                       + split_part(cast(:#before as text), '-', 1)::bigint
                                         * interval '1 microsecond',
                                       split_part(cast(:#before as text), '-', 2)::bigint))
)
select play_id, listener_id, played_at,
       to_char(played_at at time zone time_zone, 'YYYY-MM-DD"T"HH24:MI:SS') as local_time,
       track.name, shown_artist_name as artist_name, album_name, uri as track_uri, kind, ms_played, duration_ms, source,
       (select string_agg(distinct coarser.source::text, ',')
          from play as coarser
         where coarser.same_as = page.play_id) as also_in
  from page
  join track    using (track_id)
  join listener using (listener_id)
 order by played_at desc, play_id desc
 limit cast(:#limit as integer) + 1
