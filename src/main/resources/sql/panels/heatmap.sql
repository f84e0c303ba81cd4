-- 1 January 1900 was a Monday; extract would yield numerics, which take twice as long to group.
with summed as (
    select 1 + (day - date '1900-01-01') % 7 as weekday, hour, sum(plays) as plays, sum(ms) as ms
      from heard_hours(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean), cast(:#artist as text))
     group by 1, 2
)
select weekday, hour,
       coalesce(plays, 0)                             as plays,
       round((coalesce(ms, 0) / 3600000)::numeric, 3) as hours
  from generate_series(1, 7) as weekday
 cross join generate_series(0, 23) as hour
  left join summed using (weekday, hour)
 order by weekday, hour
