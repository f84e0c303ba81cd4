create temporary table staged_track on commit drop as
select spelling, track_id
  from staged_spelling
  join track using (track_key)
