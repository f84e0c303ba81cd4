-- ${views}
-- Rebuilds the sessions that these days may have cut, joined or extended, from all their plays.
create or replace function sum_sessions(wanted_listener integer, days date[], zone text) returns void
    language plpgsql set plan_cache_mode = force_custom_plan as $$
begin
    with run as materialized (
        select starts, ends from join_days(days, zone)
    ),
    span as materialized (
        select starts, spoken, started_at, played_at
          from run
         cross join lateral (select spoken, started_at, played_at
                               from heard
                              where listener_id = wanted_listener
                                and played_at >= starts
                                and played_at <  ends
                                and played_at <@ tstzrange(starts, ends)
                             offset 0) as heard
    ),
    near as (
        select spoken, min(since) - interval '30 minutes' as since, max(ends) + interval '30 minutes' as until
          from (select spoken, starts, ends, starts as since
                  from run
                 cross join (values (false), (true)) as kind (spoken)
                 union all
                select spoken, starts, null, started_at
                  from span) as moment
         group by spoken, starts
    ),
    before as (
        select max(started_at) as started_at, near.spoken, since, until
          from near
          left join lateral (select started_at
                               from heard_session
                              where listener_id = wanted_listener
                                and heard_session.spoken = near.spoken
                                and started_at <= since
                              order by started_at desc
                              limit 1) as session on true
         group by near.spoken, since, until
    ),
    removed as (
        delete from heard_session
         using before
         where listener_id = wanted_listener
           and heard_session.spoken = before.spoken
           and heard_session.started_at >= coalesce(before.started_at, since)
           and heard_session.started_at < until
           and ended_at > since
        returning heard_session.spoken, heard_session.started_at, ended_at
    ),
    beside as (
        select spoken,
               unnest(range_agg(tstzrange(started_at, ended_at, '[]'))
                      - (select range_agg(tstzrange(starts, ends)) from run)) as beside
          from removed
         group by spoken
    ),
    piece as (
        select spoken, started_at, played_at
          from span
         union all
        select beside.spoken, heard.started_at, heard.played_at
          from beside
         cross join lateral (select spoken, started_at, played_at
                               from heard
                              where listener_id = wanted_listener
                                and played_at >= lower(beside)
                                and played_at <= upper(beside)
                                and played_at <@ beside
                             offset 0) as heard
         where heard.spoken = beside.spoken
    ),
    followed as (
        select spoken, started_at, played_at,
               started_at >= max(played_at) over earlier + interval '30 minutes' as opens
          from piece
        window earlier as (partition by spoken order by started_at, played_at
                           rows between unbounded preceding and 1 preceding)
    ),
    numbered as (
        select spoken, started_at, played_at,
               count(*) filter (where opens) over (partition by spoken order by started_at, played_at) as session
          from followed
    )
    insert into heard_session
    select wanted_listener, spoken, min(started_at), max(played_at), count(*)
      from numbered
     group by spoken, session
     order by spoken, session;
end $$;
