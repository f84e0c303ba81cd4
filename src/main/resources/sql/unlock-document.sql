select pg_advisory_unlock(hashtext(current_schema || '.document'), hashtext(?))
