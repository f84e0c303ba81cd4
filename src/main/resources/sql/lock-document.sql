select pg_try_advisory_lock(hashtext(current_schema || '.document'), hashtext(?))
