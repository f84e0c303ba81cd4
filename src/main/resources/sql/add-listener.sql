insert into listener (name, time_zone)
select cast(:#name as text), coalesce(cast(:#time_zone as text), time_zone)
  from listener
 order by listener_id
 limit 1
returning listener_id
