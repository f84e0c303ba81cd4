select listener.name || ' must be connected to Spotify again, on Tracklog''s page.'
       || coalesce(' (' || spotify_connection.error || ')', '')
  from spotify_connection
  join listener using (listener_id)
 where spotify_connection.state = 'needs_reconnect'
 order by listener.name
