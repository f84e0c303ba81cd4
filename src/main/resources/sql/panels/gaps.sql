select listener_id, since as after, until as before
  from gap
 where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
 order by until desc, listener_id
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
