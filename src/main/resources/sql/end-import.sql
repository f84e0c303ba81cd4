update import
   set state       = :#${body.state},
       error       = :#${body.reason},
       finished_at = clock_timestamp()
 where import_id = cast(:#${body.importId} as bigint)
