update listener
   set name      = coalesce(cast(:#name as text), name),
       time_zone = coalesce(cast(:#time_zone as text), time_zone)
 where listener_id = cast(:#listener_id as integer)
returning listener_id
