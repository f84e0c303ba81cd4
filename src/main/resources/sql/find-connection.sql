select listener_id, name, refresh_token
  from spotify_connection
  join listener using (listener_id)
 where listener_id = cast(:#${variable.listener_id} as integer)
