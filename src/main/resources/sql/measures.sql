-- Plays are summed from the books: counting ten million rows every minute would cost more than collecting them.
with stored as (
    select source, sum(inserted) as plays, sum(rejected) as rejected
      from import
     where state = 'done'
     group by source
     union all
    select 'recently_played', sum(inserted), sum(rejected)
      from poll
)
select 'tracklog.plays' as name, 'source' as label, cast(known.source as text) as labelled,
       coalesce(sum(stored.plays), 0) as value
  from unnest(enum_range(cast(null as source))) as known (source)
  left join stored using (source)
 group by known.source
 union all
select 'tracklog.rejected.lines', null, null, coalesce(sum(rejected), 0)
  from stored
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
