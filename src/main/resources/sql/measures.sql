-- Plays are summed from the ledgers of imports and polls, because counting the rows of play takes long.
with book as (
    select source, lines_read, inserted, duplicates, rejected
      from import
     where state = 'done'
     union all
    select 'recently_played', items, inserted, duplicates, rejected
      from poll
     where outcome = 'done'
),
source_total as (
    select coalesce(cast(source as text), 'none') as source,
           coalesce(sum(lines_read), 0)           as lines_read,
           coalesce(sum(inserted), 0)             as inserted,
           coalesce(sum(duplicates), 0)           as duplicates,
           coalesce(sum(rejected), 0)             as rejected
      from unnest(enum_range(cast(null as source))) as known_source (source)
      full join book using (source)
     group by source
)
select figure.name, 'source' as label, source_total.source as labelled, figure.value
  from source_total
 cross join lateral (values ('tracklog.lines.read',      lines_read),
                            ('tracklog.plays',           inserted),
                            ('tracklog.duplicate.lines', duplicates),
                            ('tracklog.rejected.lines',  rejected)) as figure (name, value)
 union all
select 'tracklog.reconciled.pairs', null, null, count(*)
  from play
 where same_as is not null
 union all
select 'tracklog.imports', 'state', state, count(*)
  from import
 group by state
 union all
select 'tracklog.polls', 'outcome', outcome, count(*)
  from poll
 group by outcome
 union all
select 'tracklog.gaps.open', 'listener', listener.name, count(gap.listener_id)
  from listener
  left join gap using (listener_id)
 group by listener.name
 union all
select 'tracklog.seconds.since.last.good.poll', 'listener', name,
       extract(epoch from now() - coalesce((select max(finished_at)
                                              from poll
                                             where poll.listener_id = connection.listener_id
                                               and outcome = 'done'), authorised_at))
  from connection
 union all
select 'tracklog.days.until.token.expires', 'listener', name,
       case state when 'connected' then extract(epoch from expires_at - now()) / 86400 else 0 end
  from connection
