select listener_id, started_at, ended_at,
       round(extract(epoch from ended_at - started_at) / 60, 1) as minutes,
       plays
  from heard_session
  join listener using (listener_id)
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
   and started_at >= cast(:#first_day as date)::timestamp at time zone time_zone
   and started_at <  (cast(:#last_day as date) + 1)::timestamp at time zone time_zone
 order by ended_at - started_at desc, started_at desc, listener_id
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
