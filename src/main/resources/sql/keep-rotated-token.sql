update spotify_connection
   set refresh_token = :#${variable.rotated},
       updated_at    = now()
 where listener_id   = cast(:#${variable.listener_id} as integer)
   and refresh_token = :#${variable.connection[refresh_token]}
