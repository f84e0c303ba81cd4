-- Returns whether the previous poll had the same outcome, so that the log reports a lasting fault once.
with ended_poll as (
    update poll
       set outcome      = :#${variable.outcome},
           error        = :#${variable.error},
           paused_until = cast(:#${variable.paused_until} as timestamptz),
           finished_at  = now()
     where poll_id = cast(:#${variable.poll_id} as bigint)
    returning poll_id, listener_id, outcome
)
select listener.name,
       ended_poll.outcome is not distinct from (select outcome
                                                  from poll
                                                 where poll.listener_id = ended_poll.listener_id
                                                   and poll.poll_id < ended_poll.poll_id
                                                 order by poll_id desc
                                                 limit 1) as again
  from ended_poll
  join listener using (listener_id)
