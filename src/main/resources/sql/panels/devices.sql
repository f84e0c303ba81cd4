select device                        as name,
       sum(plays)::bigint            as plays,
       round(sum(ms) / 3600000.0, 3) as hours
  from heard_place
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
   and day between cast(:#first_day as date) and cast(:#last_day as date)
 group by device
 order by plays desc, name
 limit cast(:#limit as integer)
