-- The ids of circumstances are listed only if reports of a play differ in them.
create temporary table staged_play on commit drop as
with merged_line as (
    select listener_id, played_at, track_id, ms_played, source, coalesce(nth, 0)::smallint as nth,
           min(import_id)                as import_id,
           max(started_at)               as started_at,
           min(reported_at)              as reported_at,
           max(offline_timestamp)        as offline_timestamp,
           max(popularity)               as popularity,
           max(context_uri collate "C")  as context_uri,
           max(extra::text collate "C")  as extra,
           min(circumstance_id)          as circumstance_id,
           case when min(circumstance_id) <> max(circumstance_id)
                then array_agg(distinct circumstance_id) end as circumstance_ids
      from staged_line
      join staged_track using (spelling)
      left join staged_circumstance using (circumstance)
     where listener_id is not null
     group by listener_id, played_at, track_id, ms_played, source, coalesce(nth, 0)
),
-- The known plays are read by time, because they are stored in that order.
known_play as (
    select *
      from play
     where listener_id = any (array(select distinct listener_id from staged_line))
       and played_at between (select min(played_at) from staged_line) and (select max(played_at) from staged_line)
)
select merged_line.listener_id, merged_line.played_at, merged_line.track_id, merged_line.ms_played, merged_line.source,
       merged_line.nth, merged_line.import_id, merged_line.started_at, merged_line.reported_at,
       merged_line.offline_timestamp, merged_line.popularity, merged_line.context_uri, merged_line.extra,
       coalesce(merged_line.circumstance_id, known_play.circumstance_id) as circumstance_id,
       case when circumstance_ids is not null
              or merged_line.circumstance_id <> known_play.circumstance_id
            then coalesce(circumstance_ids, array[merged_line.circumstance_id]) || known_play.circumstance_id
            end as circumstance_ids,
       known_play.play_id
  from merged_line
  left join known_play
    on known_play.listener_id = merged_line.listener_id
   and known_play.played_at   = merged_line.played_at
   and known_play.track_id    = merged_line.track_id
   and known_play.source      = merged_line.source
   and known_play.nth         = merged_line.nth
   and known_play.ms_played is not distinct from merged_line.ms_played
 order by merged_line.listener_id, merged_line.played_at, merged_line.track_id
