-- A poll with a time in the future was made while the clock was ahead. It is dated back, because until that time it
-- would claim firings, pause polls and count as coverage.
with early_poll as (
    select listener_id, max(fire_time) - now() as ahead
      from poll
     where fire_time > now() + interval '1 minute'
     group by listener_id
),
corrected_poll as (
    update poll
       set fire_time    = case when fire_time > now() then fire_time - coalesce(ahead, '0') else fire_time end,
           started_at   = least(started_at, now()),
           finished_at  = least(finished_at, now()),
           paused_until = case when fire_time > now() then paused_until - coalesce(ahead, '0') else paused_until end
      from listener
      left join early_poll using (listener_id)
     where poll.listener_id = listener.listener_id
       and poll.outcome    <> 'running'
       and (    (ahead is not null and fire_time > now())
             or greatest(started_at, finished_at) > now() + interval '1 minute')
),
-- The next program to look repeats a poll whose program has ended. It also repeats a poll after an hour whose end
-- could not be recorded, because the database was unreachable.
interrupted_poll as (
    update poll
       set outcome     = 'interrupted',
           finished_at = now(),
           error       = 'The program ended before it was done; the next poll makes up for it.'
     where outcome = 'running'
       and (    not exists (select from pg_stat_activity where application_name = poll.program)
             or started_at < now() - interval '1 hour')
    returning listener_id
)
update spotify_connection
   set postponed_until = now()
  from interrupted_poll
 where spotify_connection.listener_id = interrupted_poll.listener_id
