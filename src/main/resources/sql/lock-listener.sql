-- Before anything is written to a listener's plays.
select hold_listener(cast(:#${variable.listener_id} as integer))
