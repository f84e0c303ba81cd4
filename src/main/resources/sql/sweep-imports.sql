update import
   set state       = 'interrupted',
       finished_at = now(),
       error       = 'The program ended before it was done; the document is imported again.'
 where state = 'running'
   and pg_try_advisory_xact_lock(hashtext(current_schema || '.import'), cast(import_id as integer))
