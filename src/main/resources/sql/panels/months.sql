with summed as (
    select extract(month from day) as month, sum(plays)::bigint as plays, sum(ms) as ms
      from heard_hours(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean), cast(:#artist as text))
     group by 1
)
select month,
       coalesce(summed.plays, 0)                       as plays,
       round(coalesce(summed.ms, 0) / 3600000.0, 3)    as hours,
       round(100 * coalesce(summed.plays, 0) / nullif(sum(summed.plays) over (), 0), 2) as share_percent
  from generate_series(1, 12) as month
  left join summed using (month)
 order by month
