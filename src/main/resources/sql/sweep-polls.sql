update poll
   set outcome     = 'interrupted',
       finished_at = now(),
       error       = 'The program ended before it was done; the next poll makes up for it.'
 where outcome = 'running'
   and not exists (select from pg_stat_activity where application_name = poll.program)
