select listener.name as listener, since as "plays may be missing since", until
  from gap
  join listener using (listener_id)
 order by listener.name, since
