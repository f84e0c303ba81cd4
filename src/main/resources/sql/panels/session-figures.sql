select count(*)                                                      as sessions,
       round(avg(extract(epoch from ended_at - started_at)) / 60, 1) as average_minutes,
       round(avg(plays), 1)                                          as average_plays,
       round(max(extract(epoch from ended_at - started_at)) / 60, 1) as longest_minutes
  from heard_session
  join listener using (listener_id)
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
   and started_at >= cast(:#first_day as date)::timestamp at time zone time_zone
   and started_at <  (cast(:#last_day as date) + 1)::timestamp at time zone time_zone
