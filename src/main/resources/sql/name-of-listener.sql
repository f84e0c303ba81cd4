select name from listener where listener_id = cast(:#${variable.listener_id} as integer)
