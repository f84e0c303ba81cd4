with step as (
    select date_trunc(cast(:#step as text), day::timestamp)::date as day, sum(plays) as plays, sum(ms) as ms
      from heard_days(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean), cast(:#artist as text))
     group by 1
)
-- There may be thousands: a day as text spares the calendar of JDBC, and hours of double precision the slow way to a numeric.
-- They are rounded as numerics are, halves up.
select day::text, plays, floor(ms / 3600 + 0.5) / 1000 as hours
  from step
 order by step.day
