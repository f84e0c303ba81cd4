with counted as (
    select coalesce(sum(inserted), 0)   as inserted,
           coalesce(sum(duplicates), 0) as duplicates,
           coalesce(sum(rejected), 0)   as rejected
      from counted_line
),
span as (
    select min(played_at) as oldest_played_at,
           max(played_at) as newest_played_at
      from staged_line
     where spelling is not null
)
update poll
   set outcome          = 'done',
       items            = :#${variable.items},
       inserted         = counted.inserted,
       duplicates       = counted.duplicates,
       rejected         = counted.rejected,
       oldest_played_at = span.oldest_played_at,
       newest_played_at = span.newest_played_at,
       finished_at      = now(),
       error            = null
  from counted, span
 where poll_id = cast(:#${variable.poll_id} as bigint)
returning poll.inserted, poll.duplicates, poll.rejected
