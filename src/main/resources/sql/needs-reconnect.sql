update spotify_connection
   set state      = 'needs_reconnect',
       error      = :#${variable.error},
       updated_at = now()
 where listener_id   = cast(:#${variable.listener_id} as integer)
   and refresh_token = :#${variable.connection[refresh_token]}
