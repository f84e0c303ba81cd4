with seen as (
    select spelling, max(played_at) as seen_at
      from staged_line
     where spelling is not null
     group by spelling
)
insert into staged_track (spelling, track_id, seen_at)
select spelling, track.track_id, seen.seen_at
  from staged_line
  join track using (track_key)
  join seen  using (spelling)
