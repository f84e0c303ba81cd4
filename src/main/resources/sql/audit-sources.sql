with booked as (
    select source, sum(inserted) as plays
      from (select source, inserted from import where state = 'done'
             union all
            select 'recently_played', inserted from poll where outcome = 'done') as book
     group by source
),
stored as (
    select source, count(*) as plays, count(same_as) as pairs
      from play
     group by source
)
select unnest                                  as source,
       coalesce(booked.plays, 0)               as "inserted by the books",
       coalesce(stored.plays, 0)               as stored,
       coalesce(stored.pairs, 0)               as "told better by another",
       coalesce(stored.plays - stored.pairs, 0) as "listenings"
  from unnest(enum_range(null::source)) as unnest
  left join booked on booked.source = unnest
  left join stored on stored.source = unnest
 order by unnest desc
