with step as (
    select date_trunc(cast(:#step as text), day::timestamp)::date as day, sum(plays) as plays, sum(ms) as ms
      from read_days(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                      cast(:#spoken as boolean), cast(:#artist as text))
     group by 1
)
-- There may be thousands of rows. JDBC reads a day faster as text than as a date, and hours faster as a double than as
-- a numeric. They are rounded as a numeric is, halves up.
select day::text, plays, floor(ms / 3600 + 0.5) / 1000 as hours
  from step
 order by step.day
