with span as (
    select min(played_at) as oldest_played_at,
           max(played_at) as newest_played_at
      from staged_line
     where spelling is not null
)
update poll
   set outcome          = 'done',
       items            = :#${variable.items},
       inserted         = :#${variable.plays[inserted]},
       duplicates       = :#${variable.plays[duplicates]},
       rejected         = :#${variable.rejected},
       oldest_played_at = span.oldest_played_at,
       newest_played_at = span.newest_played_at,
       finished_at      = now(),
       error            = null
  from span
 where poll_id = cast(:#${variable.poll_id} as bigint)
