-- Returns one row per inconsistency, and none for a sound database.
with book as (
    select 'import ' || import_id || ', ' || document as name, listener_id, source,
           lines_read, inserted, duplicates, rejected
      from import
     where state = 'done'
     union all
    select 'poll ' || poll_id, listener_id, 'recently_played', items, inserted, duplicates, rejected
      from poll
     where outcome = 'done'
),
booked as (
    select listener_id, source, sum(inserted) as plays
      from book
     group by listener_id, source
),
stored as (
    select listener_id, source, count(*) as plays
      from play
     group by listener_id, source
),
unread as (
    select listener_id, sum(rejected) as lines
      from book
     group by listener_id
),
kept as (
    select listener_id, count(*) as lines
      from rejected_line
     group by listener_id
)
select name || ': ' || lines_read || ' lines read, but '
       || inserted || ' inserted + ' || duplicates || ' duplicates + ' || rejected || ' rejected' as fault
  from book
 where lines_read <> inserted + duplicates + rejected
 union all
select listener.name || ', ' || source || ': the books say ' || coalesce(booked.plays, 0)
       || ' plays were inserted, but ' || coalesce(stored.plays, 0) || ' are stored'
  from booked
  full join stored using (listener_id, source)
  join listener using (listener_id)
 where coalesce(booked.plays, 0) <> coalesce(stored.plays, 0)
 union all
select listener.name || ': the books say ' || coalesce(unread.lines, 0) || ' lines were rejected, but '
       || coalesce(kept.lines, 0) || ' different ones are kept'
  from unread
  full join kept using (listener_id)
  join listener using (listener_id)
 where coalesce(kept.lines, 0) > coalesce(unread.lines, 0)
    or (coalesce(kept.lines, 0) = 0 and unread.lines > 0)
 union all
select listener.name || ': play ' || play.play_id || ' points at play ' || finer.play_id
       || ', which cannot stand for it: '
       || case when finer.same_as is null then 'it is another listener''s' else 'it points on itself' end
  from play
  join play as finer on finer.play_id = play.same_as
  join listener on listener.listener_id = play.listener_id
 where finer.same_as is not null
    or finer.listener_id <> play.listener_id
