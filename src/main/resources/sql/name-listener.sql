select name from listener where listener_id = :#${variable.accepted.listener}
