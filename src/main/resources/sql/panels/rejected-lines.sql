select rejected_line_id, rejected_line.listener_id, document, position, reason, line
  from rejected_line
  left join import using (import_id)
 where cast(:#listener as integer) is null or rejected_line.listener_id = cast(:#listener as integer)
 order by rejected_line_id desc
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
