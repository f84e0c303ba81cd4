with heard as (
    select distinct day
      from heard_day
     where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
       and spoken = cast(:#spoken as boolean)
       and day between cast(:#first_day as date) and cast(:#last_day as date)
),
numbered as (
    select day, day - row_number() over (order by day)::integer as run
      from heard
)
select min(day) as first_day, max(day) as last_day, count(*) as days
  from numbered
 group by run
 order by days desc, last_day desc
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
