-- What a panel covers: the wanted days, or all from the first play to today; the range of the same length before; and the version of the data.
with wanted as (
    select listener_id, time_zone
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
known as (
    select min(day) as first_day
      from heard_hour
     where listener_id in (select listener_id from wanted)
       and spoken = cast(:#spoken as boolean)
),
today as (
    select max((now() at time zone time_zone)::date) as day
      from wanted
),
chosen as (
    select coalesce(cast(:#to as date), today.day) as last_day, known.first_day,
           coalesce(cast(:#from as date),
                    coalesce(cast(:#to as date), today.day) - cast(:#days as integer) + 1,
                    known.first_day,
                    coalesce(cast(:#to as date), today.day)) as wanted_day
      from today, known
)
select (select count(*) from wanted)                        as listeners,
       wanted_day                                           as first_day,
       last_day,
       wanted_day - (last_day - wanted_day + 1)             as before_first_day,
       wanted_day - 1                                       as before_last_day,
       first_day < wanted_day                               as comparable,
       (select sum(version) from data_version)              as version,
       (select day from today)                              as today
  from chosen
