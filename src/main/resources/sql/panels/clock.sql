-- Hours of the day, days of the week or months of the year, those without a play too.
with part (first, last) as (
    select case cast(:#statistic as text) when 'hours' then 0 else 1 end,
           case cast(:#statistic as text) when 'hours' then 23 when 'weekdays' then 7 else 12 end
),
heard as (
    select hour as part, plays, ms
      from read_hours(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                       cast(:#spoken as boolean), cast(:#artist as text))
     where cast(:#statistic as text) = 'hours'
     union all
    select extract(isodow from day)::integer, plays, ms
      from read_days(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                      cast(:#spoken as boolean), cast(:#artist as text))
     where cast(:#statistic as text) = 'weekdays'
     union all
    select extract(month from day)::integer, plays, ms
      from read_days(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                      cast(:#spoken as boolean), cast(:#artist as text))
     where cast(:#statistic as text) = 'months'
),
summed as (
    select part, sum(plays) as plays, sum(ms) as ms
      from heard
     group by part
)
select part as hour, part as weekday, part as month,
       coalesce(plays, 0)                                                       as plays,
       round((coalesce(ms, 0) / 3600000)::numeric, 3)                           as hours,
       round(100 * coalesce(plays, 0) / nullif(sum(plays) over (), 0)::numeric, 2) as share_percent
  from part as bounds
 cross join generate_series(first, last) as part
  left join summed using (part)
 order by part
