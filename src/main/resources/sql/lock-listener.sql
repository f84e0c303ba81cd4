-- Every writer of the plays of a listener takes this lock first.
select hold_listener(cast(:#${variable.listener_id} as integer))
