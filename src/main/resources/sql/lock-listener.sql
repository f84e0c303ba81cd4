-- Every writer of a listener's plays takes this lock first, so that writers neither deadlock nor miss each other.
select pg_advisory_xact_lock(hashtext(current_schema || '.listener'), cast(:#${variable.listener_id} as integer))
