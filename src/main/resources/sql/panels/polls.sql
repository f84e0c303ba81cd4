select poll_id, listener_id, fire_time, started_at, finished_at, outcome,
       calls, items, inserted, duplicates, rejected, error
  from poll
 where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
 order by poll_id desc
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
