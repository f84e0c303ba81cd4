select import_id, listener_id, document, format, state, lines_read, percent_read,
       inserted, duplicates, rejected, started_at, finished_at, error
  from import
 where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
 order by import_id desc
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
