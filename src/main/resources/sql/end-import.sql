update import
   set state       = :#${variable.state},
       error       = :#${variable.reason},
       finished_at = now()
 where import_id = cast(:#${variable.import_id} as bigint)
