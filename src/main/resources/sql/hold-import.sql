-- The lock lasts as long as this transaction. A session that can take the lock of a running import
-- therefore knows that its program has ended.
select pg_advisory_xact_lock(hashtext(current_schema || '.import'), cast(:#${body.importId} as integer))
