-- Returns the range of days that a panel covers, the range of the same length before it and the version of the data.
-- Without wanted days, the range is from the first play to today.
with wanted_listener as (
    select listener_id, time_zone
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
first_play as (
    select min((select min(day)
                  from heard_day
                 where heard_day.listener_id = wanted_listener.listener_id
                   and spoken = cast(:#spoken as boolean))) as first_day
      from wanted_listener
),
today as (
    select max((now() at time zone time_zone)::date) as day
      from wanted_listener
),
chosen_range as (
    select coalesce(cast(:#to as date), today.day) as last_day, first_play.first_day,
           coalesce(cast(:#from as date),
                    coalesce(cast(:#to as date), today.day) - cast(:#days as integer) + 1,
                    first_play.first_day,
                    coalesce(cast(:#to as date), today.day)) as wanted_day
      from today, first_play
)
select (select count(*) from wanted_listener)    as listeners,
       wanted_day                               as first_day,
       last_day,
       wanted_day - (last_day - wanted_day + 1) as before_first_day,
       wanted_day - 1                           as before_last_day,
       first_day < wanted_day                   as comparable,
       coalesce(cast(:#from as date),
                last_day - cast(:#days as integer) + 1) as wanted_from,
       coalesce(cast(:#to as date),
                case when cast(:#days as integer) is not null then last_day end) as wanted_to,
       (select version from data_version)       as version,
       (select day from today)                  as today
  from chosen_range
