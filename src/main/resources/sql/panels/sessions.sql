select listener_id, started_at, ended_at,
       round(extract(epoch from ended_at - started_at) / 60, 1) as minutes,
       plays
  from session
  join listener using (listener_id)
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
   and (started_at at time zone time_zone)::date between cast(:#first_day as date) and cast(:#last_day as date)
 order by ended_at - started_at desc, started_at desc, listener_id
 limit cast(:#limit as integer)
