select listener_id, name
  from listener
 order by listener_id
