-- Its lines stay, because they may be the only ones that describe a track of another document.
update staged_line
   set listener_id = null
 where import_id = cast(:#${body.importId} as bigint)
