with mixed_circumstance as (
    select circumstance_ids, mix_circumstances(circumstance_ids) as circumstance_id
      from (select distinct circumstance_ids from staged_play where circumstance_ids is not null) as mixed
)
update staged_play
   set circumstance_id = mixed_circumstance.circumstance_id
  from mixed_circumstance
 where staged_play.circumstance_ids = mixed_circumstance.circumstance_ids
