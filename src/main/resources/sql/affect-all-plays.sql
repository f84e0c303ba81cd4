insert into affected_play (play_id)
select play_id
  from play
 where listener_id = cast(:#${variable.listener_id} as integer)
