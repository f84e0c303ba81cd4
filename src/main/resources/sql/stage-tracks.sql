-- The temporary tables have no statistics. The offset 0 prevents the planner from reading all tracks for a few lines.
with seen_spelling as (
    select spelling, max(played_at) as seen_at
      from staged_line
     where spelling is not null
     group by spelling
)
insert into staged_track (spelling, track_id, seen_at)
select spelling, track.track_id, seen.seen_at
  from staged_line
 cross join lateral (select track_id from track where track_key = staged_line.track_key offset 0) as track
  join seen_spelling as seen using (spelling)
 where track_key is not null
