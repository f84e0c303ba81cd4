-- Returns whether the poll before ended in the same way, so that the log says it once.
with ended as (
    update poll
       set outcome      = :#${variable.outcome},
           error        = :#${variable.error},
           paused_until = cast(:#${variable.paused_until} as timestamptz),
           finished_at  = now()
     where poll_id = cast(:#${variable.poll_id} as bigint)
    returning poll_id, listener_id, outcome
)
select listener.name,
       ended.outcome is not distinct from (select outcome
                                             from poll
                                            where poll.listener_id = ended.listener_id
                                              and poll.poll_id < ended.poll_id
                                            order by poll_id desc
                                            limit 1) as again
  from ended
  join listener using (listener_id)
