with new_setting as (
    select min(listener_id) as listener_id
      from listener
     where cast(:#${variable.setting_hash} as text) is not null
       and not exists (select from spotify_connection where setting_hash = :#${variable.setting_hash})
),
connected_listener as (
    select listener_id,
           greatest((select max(fire_time)
                       from poll
                      where poll.listener_id = spotify_connection.listener_id
                        and outcome <> 'interrupted') + poll_interval,
                    (select max(paused_until)
                       from poll
                      where paused_until > now())) as due_at
      from spotify_connection
     where state = 'connected'
),
postponement as (
    update spotify_connection
       set postponed_until = due_at
      from connected_listener
     where spotify_connection.listener_id = connected_listener.listener_id
       and due_at > cast(:#${variable.fire_time} as timestamptz)
)
select listener_id, 'setting' as authorised_by, 0 as turn
  from new_setting
 where listener_id is not null
 union all
select listener_id, 'stored', 1
  from connected_listener
 where due_at is null
    or due_at <= cast(:#${variable.fire_time} as timestamptz)
 order by turn, listener_id
