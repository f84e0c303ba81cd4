with counted as (
    select coalesce(sum(inserted), 0)   as inserted,
           coalesce(sum(duplicates), 0) as duplicates,
           coalesce(sum(rejected), 0)   as rejected,
           min(first_played_at)         as first_played_at,
           max(last_played_at)          as last_played_at
      from counted_line
     where import_id = cast(:#${body.importId} as bigint)
)
update import
   set state           = 'done',
       format          = :#${body.content.format},
       source          = cast(nullif(:#${body.content.source}, '') as source),
       lines_read      = :#${body.content.lines},
       inserted        = counted.inserted,
       duplicates      = counted.duplicates,
       rejected        = counted.rejected,
       first_played_at = counted.first_played_at,
       last_played_at  = counted.last_played_at,
       finished_at     = clock_timestamp()
  from counted
 where import_id = cast(:#${body.importId} as bigint)
returning import.inserted, import.duplicates, import.rejected
