with summed as (
    select extract(isodow from day) as weekday, sum(plays)::bigint as plays, sum(ms) as ms
      from heard_hours(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean), cast(:#artist as text))
     group by 1
)
select weekday,
       coalesce(summed.plays, 0)                       as plays,
       round(coalesce(summed.ms, 0) / 3600000.0, 3)    as hours
  from generate_series(1, 7) as weekday
  left join summed using (weekday)
 order by weekday
