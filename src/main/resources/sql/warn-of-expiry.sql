with due as (
    select listener_id, name, expires_at, upper_bound,
           (select min(days)
              from unnest(array[30, 7, 1]) as days
             where expires_at - make_interval(days => days) <= now()) as days
      from connection
     where state = 'connected'
       and expires_at > now()
)
update spotify_connection
   set warned_days = due.days
  from due
 where spotify_connection.listener_id = due.listener_id
   and due.days < coalesce(warned_days, 31)
returning due.name,
          ceil(extract(epoch from due.expires_at - now()) / 86400)::integer as days,
          case when due.upper_bound then 'at the latest on ' else 'on ' end
          || to_char(due.expires_at at time zone 'UTC', 'YYYY-MM-DD')       as day
