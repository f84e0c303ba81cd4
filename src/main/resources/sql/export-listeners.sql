select listener_id, name,
       json_build_object('name', name, 'time_zone', time_zone, 'spotify_user_id', spotify_user_id) as listener
  from listener
 order by listener_id
