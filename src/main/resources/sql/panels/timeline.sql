select date_trunc(cast(:#step as text), day::timestamp)::date as day,
       sum(plays)                                             as plays,
       round((sum(ms) / 3600000)::numeric, 3)                 as hours
  from heard_days(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean), cast(:#artist as text))
 group by 1
 order by 1
