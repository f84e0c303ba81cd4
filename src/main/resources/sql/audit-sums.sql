-- Returns one row per sum that differs from its plays, computed anew. A listener with stale days is left out.
with play_now as (
    select listener_id, day, track_id, ms, case when spoken then 'spoken' else 'music' end as content
      from heard
),
stored as (
    select listener_id, content || ' on ' || day as what, count(*) as plays, sum(ms) as ms
      from play_now
     group by listener_id, content, day
     union all
    select listener_id, content || ' of places on ' || day, count(*), sum(ms)
      from play_now
     group by listener_id, content, day
     union all
    select listener_id, content || ' of track ' || track_id, count(*), sum(ms)
      from play_now
     group by listener_id, content, track_id
     union all
    select listener_id, content || ' in sessions', count(*), 0
      from play_now
     group by listener_id, content
     union all
    select listener_id, 'source ' || source, count(*), 0
      from play
     group by listener_id, source
),
sum_row as (
    select listener_id, case when spoken then 'spoken' else 'music' end as content,
           ' on ' || day as what, plays, ms
      from heard_day
     union all
    select listener_id, case when spoken then 'spoken' else 'music' end, ' of places on ' || day, plays, ms
      from heard_place
     union all
    select listener_id, case when spoken then 'spoken' else 'music' end, ' of track ' || track_id, plays, ms
      from heard_track
     union all
    select listener_id, case when spoken then 'spoken' else 'music' end, ' in sessions', plays, 0
      from heard_session
     union all
    select listener_id, 'source ', source::text, plays, 0
      from play_count
),
summed as (
    select listener_id, content || what as what, sum(plays) as plays, sum(ms) as ms
      from sum_row
     group by listener_id, content || what
)
select listener.name || ', ' || what || ': ' || coalesce(summed.plays, 0) || ' plays of '
       || coalesce(summed.ms, 0) || ' ms are summed, but ' || coalesce(stored.plays, 0) || ' of '
       || coalesce(stored.ms, 0) || ' ms are stored'
  from stored
  full join summed using (listener_id, what)
  join listener using (listener_id)
 where (stored.plays, stored.ms) is distinct from (summed.plays, summed.ms)
   and listener_id not in (select listener_id from stale_day)
 order by listener_id, what
