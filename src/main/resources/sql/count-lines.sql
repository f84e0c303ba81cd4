-- A new play counts for the first document that reports it, and every other line with a track is a duplicate.
create temporary table counted_line on commit drop as
with new_play as (
    select import_id, count(*) as plays
      from staged_play
     where play_id is null
     group by import_id
),
line as (
    select import_id,
           count(track_id)         as plays,
           count(rejected_because) as rejected,
           min(played_at) filter (where staged_spelling.kind in ('track', 'local')) as first_played_at,
           max(played_at) filter (where staged_spelling.kind in ('track', 'local')) as last_played_at
      from staged_line
      left join staged_track    using (spelling)
      left join staged_spelling using (spelling)
     where listener_id is not null
     group by import_id
)
select line.import_id,
       coalesce(new_play.plays, 0)              as inserted,
       line.plays - coalesce(new_play.plays, 0) as duplicates,
       rejected, first_played_at, last_played_at
  from line
  left join new_play on new_play.import_id is not distinct from line.import_id
