with summed as (
    select hour as hour, sum(plays)::bigint as plays, sum(ms) as ms
      from heard_hours(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean), cast(:#artist as text))
     group by 1
)
select hour,
       coalesce(summed.plays, 0)                       as plays,
       round(coalesce(summed.ms, 0) / 3600000.0, 3)    as hours
  from generate_series(0, 23) as hour
  left join summed using (hour)
 order by hour
