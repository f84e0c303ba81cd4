select extract(year from day)::integer as year,
       sum(plays)                      as plays,
       round(sum(ms) / 3600000.0, 3)   as hours
  from heard_day
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
 group by 1
 order by 1 desc
