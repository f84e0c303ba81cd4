with claim as (
    insert into poll (listener_id, fire_time)
    select cast(:#${variable.listener_id} as integer), cast(:#${variable.fire_time} as timestamptz)
     where not exists (select from poll where paused_until > now())
        on conflict do nothing
    returning poll_id
),
postponement as (
    update spotify_connection
       set postponed_until = null
     where listener_id = cast(:#${variable.listener_id} as integer)
       and exists (select from claim)
)
select poll_id from claim
