with moved_poll as (
    update poll
       set listener_id = cast(:#${variable.owner[listener_id]} as integer)
     where poll_id = cast(:#${variable.poll_id} as bigint)
)
insert into spotify_connection as known (listener_id, refresh_token, setting_hash, authorised_by)
select cast(:#${variable.owner[listener_id]} as integer), :#${variable.sealed},
       case :#${variable.authorised_by} when 'setting' then cast(:#${variable.setting_hash} as text) end,
       :#${variable.authorised_by}
    on conflict (listener_id) do update
   set refresh_token = excluded.refresh_token,
       setting_hash  = coalesce(excluded.setting_hash, known.setting_hash),
       authorised_at = now(),
       authorised_by = excluded.authorised_by,
       state         = 'connected',
       error         = null,
       warned_days   = null,
       updated_at    = now()
