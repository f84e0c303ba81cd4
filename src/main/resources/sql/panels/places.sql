select case cast(:#statistic as text) when 'countries' then country else device end as name,
       sum(plays)::bigint                                                            as plays,
       round(sum(ms) / 3600000.0, 3)                                                 as hours
  from heard_place
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
   and day between cast(:#first_day as date) and cast(:#last_day as date)
 group by 1
 order by plays desc, name
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
