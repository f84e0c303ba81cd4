select listener.listener_id, name, time_zone,
       (now() at time zone time_zone)::date                                         as today,
       coalesce(connection.state, 'not_connected')                                  as state,
       authorised_at,
       authorised_at + interval '6 months'                                          as expires_at,
       case when authorised_at is not null then greatest(0, extract(day from authorised_at + interval '6 months' - now())::integer) end as days_left,
       coalesce(authorised_by = 'setting', false)                                   as upper_bound,
       case when paused_until > now() then paused_until end                         as paused_until,
       connection.error
  from listener
  left join spotify_connection as connection using (listener_id)
 order by listener.listener_id
