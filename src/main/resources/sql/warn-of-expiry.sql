-- A day has 24 hours here, because an interval of days is an hour longer or shorter across a change to summer time.
with due as (
    select listener_id, name, expires_at, upper_bound,
           expires_at - cast(:#${variable.fire_time} as timestamptz) as remaining
      from connection
     where state = 'connected'
),
warning as (
    select due.*, (select min(days)
                     from unnest(array[30, 7, 1]) as days
                    where remaining <= days * interval '24 hours') as days
      from due
     where remaining > interval '0'
)
update spotify_connection
   set warned_days = warning.days
  from warning
 where spotify_connection.listener_id = warning.listener_id
   and warning.days < coalesce(warned_days, 31)
returning warning.name,
          ceil(extract(epoch from warning.remaining) / 86400)::integer    as days,
          case when warning.upper_bound then 'at the latest on ' else 'on ' end
          || to_char(warning.expires_at at time zone 'UTC', 'YYYY-MM-DD') as day
