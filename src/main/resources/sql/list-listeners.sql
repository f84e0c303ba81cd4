select listener.listener_id, listener.name, time_zone,
       (now() at time zone time_zone)::date          as today,
       coalesce(connection.state, 'not_connected')   as state,
       authorised_at, expires_at,
       case when expires_at is not null
            then greatest(0, extract(day from expires_at - now())::integer) end as days_left,
       coalesce(upper_bound, false)                  as upper_bound,
       paused_until,
       connection.error
  from listener
  left join connection using (listener_id)
 order by listener.listener_id
