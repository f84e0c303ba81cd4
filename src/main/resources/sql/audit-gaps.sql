select listener.name                                                      as listener,
       to_char(since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')         as "plays may be missing since (UTC)",
       to_char(until at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')         as until
  from gap
  join listener using (listener_id)
 order by listener.name, since
