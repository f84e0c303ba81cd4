select to_char(gap.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as since,
       to_char(gap.until at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as until
  from gap
  join poll using (listener_id)
 where gap.until = poll.oldest_played_at
   and poll.poll_id = cast(:#${variable.poll_id} as bigint)
   and poll.items >= 50
   and poll.duplicates = 0
