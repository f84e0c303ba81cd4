-- As long as this transaction lives, the import is running; whoever can take the lock knows that it died.
select pg_advisory_xact_lock(hashtext(current_schema || '.import'), cast(:#${variable.import_id} as integer))
