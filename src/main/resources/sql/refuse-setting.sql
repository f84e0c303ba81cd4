-- Records that the token in the setting is invalid, so that it is not tried again. A connection that works keeps its
-- token.
insert into spotify_connection as known (listener_id, refresh_token, setting_hash, authorised_by, state, error)
select cast(:#${variable.listener_id} as integer), '', :#${variable.setting_hash},
       'setting', 'needs_reconnect', :#${variable.error}
    on conflict (listener_id) do update
   set setting_hash = excluded.setting_hash
