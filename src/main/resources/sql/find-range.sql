-- What a panel covers: the wanted days, or all from the first play to today; the range of the same length before; and the version of the data.
with wanted as (
    select listener_id, time_zone
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
known as (
    select min((select min(day) from heard_day where heard_day.listener_id = wanted.listener_id and spoken = cast(:#spoken as boolean))) as first_day
      from wanted
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
       coalesce(cast(:#from as date), last_day - cast(:#days as integer) + 1)                   as wanted_from,
       coalesce(cast(:#to as date), case when cast(:#days as integer) is not null then last_day end) as wanted_to,
       (select version from data_version)                   as version,
       (select day from today)                              as today
  from chosen
