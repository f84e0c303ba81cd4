with summed as (
    select weekday, hour, sum(plays) as plays, sum(ms) as ms
      from read_hours(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                       cast(:#spoken as boolean), cast(:#artist as text))
     group by weekday, hour
)
select weekday, hour,
       coalesce(plays, 0)                             as plays,
       round((coalesce(ms, 0) / 3600000)::numeric, 3) as hours
  from generate_series(1, 7) as weekday
 cross join generate_series(0, 23) as hour
  left join summed using (weekday, hour)
 order by weekday, hour
