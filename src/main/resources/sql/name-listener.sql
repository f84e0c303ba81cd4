select name from listener where listener_id = ?
