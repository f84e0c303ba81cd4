select nspname
  from pg_namespace
 where nspname ~ '^tracklog_trial_[0-9a-f]{16}$'
   and pg_try_advisory_lock(hashtext(nspname))
