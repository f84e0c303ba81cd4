select null::integer as listener_id, null::timestamptz as after, null::timestamptz as before, null::text as state
 where false
   and cast(:#listener as integer) is null
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
