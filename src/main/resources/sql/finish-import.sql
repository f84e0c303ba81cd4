with music as (
    select min(played_at) as first_played_at,
           max(played_at) as last_played_at
      from staged_line
     where spelling is not null
       and kind in ('track', 'local')
)
update import
   set state           = 'done',
       format          = :#${variable.read.format},
       source          = cast(nullif(:#${variable.read.source}, '') as source),
       lines_read      = :#${variable.read.lines},
       inserted        = :#${variable.plays[inserted]},
       duplicates      = :#${variable.plays[duplicates]},
       rejected        = :#${variable.rejected},
       first_played_at = music.first_played_at,
       last_played_at  = music.last_played_at,
       finished_at     = clock_timestamp()
  from music
 where import_id = cast(:#${variable.import_id} as bigint)
