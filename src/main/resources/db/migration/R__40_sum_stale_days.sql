-- ${views}
-- These functions compute the sums of days whose plays have changed.

-- Computes the sums of all stale days of a listener, whose lock the caller holds. Returns the number of days.
create or replace function sum_stale_days(wanted_listener integer) returns integer
    language plpgsql set plan_cache_mode = force_custom_plan set enable_nestloop = on as $$
declare
    zone  text := (select time_zone from listener where listener_id = wanted_listener);
    days  date[];
    known integer[];
begin
    perform hold_sums();
    with stale as (
        delete from stale_day
         where listener_id = wanted_listener
        returning day
    )
    select array_agg(distinct day order by day) into days from stale;
    if days is null then
        return 0;
    end if;
    update data_version set version = version + 1;
    delete from heard_month
     where coalesce(listener_id, wanted_listener) = wanted_listener
       and month in (select date_trunc('month', day)::date from unnest(days) as day);
    -- An import changes most days of a period. It is summed as one range, whose plays are joined by hash.
    if cardinality(days) > 100 and cardinality(days) * 4 > days[cardinality(days)] - days[1] then
        days := array(select generate_series(days[1], days[cardinality(days)], interval '1 day')::date);
        perform set_config('enable_nestloop', 'off', true);
    end if;
    known := subtract_days(wanted_listener, days);
    perform add_days(wanted_listener, days, zone);
    perform sum_sessions(wanted_listener, days, zone);
    perform set_config('enable_nestloop', 'on', true);
    delete from heard_track
     where listener_id = wanted_listener
       and track_id = any (known)
       and plays = 0;
    update heard_track
       set first_day = (select min(day)
                          from heard
                         where heard.listener_id = heard_track.listener_id
                           and heard.track_id    = heard_track.track_id
                           and heard.spoken      = heard_track.spoken)
     where listener_id = wanted_listener
       and track_id = any (known)
       and first_day = any (days)
       and not exists (select
                         from heard_day
                        where heard_day.listener_id = heard_track.listener_id
                          and heard_day.day         = heard_track.first_day
                          and heard_day.spoken      = heard_track.spoken
                          and heard_track.track_id  = any (tracks));
    return cardinality(days);
end $$;

-- Removes what has been summed of these days. Returns the tracks that were heard on them.
create or replace function subtract_days(wanted_listener integer, days date[]) returns integer[]
    language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
    known integer[];
begin
    with day as (
        delete from heard_day
         where listener_id = wanted_listener
           and day = any (days)
        returning spoken, tracks, track_ms
    ),
    heard as (
        select spoken, track_id, count(*) as plays, sum(ms) as ms
          from (select spoken, unnest(tracks) as track_id, unnest(track_ms) as ms from day) as play
         group by spoken, track_id
    ),
    reduced as (
        update heard_track
           set plays = heard_track.plays - heard.plays,
               ms    = heard_track.ms    - heard.ms
          from heard
         where listener_id = wanted_listener
           and heard_track.spoken   = heard.spoken
           and heard_track.track_id = heard.track_id
        returning heard_track.track_id
    )
    select array_agg(track_id) into known from reduced;
    delete from heard_place
     where listener_id = wanted_listener
       and day = any (days);
    return known;
end $$;

-- Returns the periods of these days, each of consecutive days.
create or replace function join_days(days date[], zone text) returns table (starts timestamptz, ends timestamptz)
    language sql stable rows 10
as $$
    select lower(run)::timestamp at time zone zone, upper(run)::timestamp at time zone zone
      from (select unnest(range_agg(daterange(day, day, '[]'))) as run
              from unnest(days) as day) as run
$$;

create or replace function add_days(wanted_listener integer, days date[], zone text) returns void
    language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
    -- The popularity of coarser plays is read only if the listener has coarser plays.
    lends boolean := exists (select from play_count where listener_id = wanted_listener and source <> 'export');
begin
    -- The condition on the range repeats the two before it. It gives the planner a better estimate of the number of
    -- plays, so that it does not read all tracks.
    with span as materialized (
        select track_id, local_time::date as day, extract(hour from local_time)::smallint as hour, spoken, ms,
               popularity, country, platform, ended, skipped
          from join_days(days, zone) as run
         cross join lateral (select track_id, played_at at time zone zone as local_time, spoken, ms,
                                    case when lends then popularity else own_popularity end as popularity,
                                    country, platform, ended, skipped
                               from heard
                              where listener_id = wanted_listener
                                and played_at >= starts
                                and played_at <  ends
                                and played_at <@ tstzrange(starts, ends)
                             offset 0) as heard
    ),
    -- Plays and track are combined into one number, so that max finds the track with most plays without a sort.
    repeated as (
        select spoken, day, max(plays * 4294967296 - track_id) as most
          from (select spoken, day, track_id, count(*) as plays
                  from span
                 group by spoken, day, track_id) as track_day
         group by spoken, day
    ),
    hour as (
        select spoken, day, array_agg(hour) as hours, array_agg(plays) as hour_plays, array_agg(ms) as hour_ms
          from (select spoken, day, hour, count(*)::integer as plays, sum(ms) as ms
                  from span
                 group by spoken, day, hour) as hour
         group by spoken, day
    ),
    day as (
        select spoken, day, count(*) as plays, sum(ms) as ms,
               coalesce(sum(popularity), 0) as popularity_sum, count(popularity) as popularity_count,
               array_agg(track_id) as tracks, array_agg(ms) as track_ms
          from span
         group by spoken, day
    ),
    days_inserted as (
        insert into heard_day
        select wanted_listener, day, spoken, plays, ms, popularity_sum, popularity_count,
               (ceil(most / 4294967296.0) * 4294967296 - most)::integer, ceil(most / 4294967296.0)::integer,
               tracks, track_ms, hours, hour_plays, hour_ms
          from day
          join hour     using (spoken, day)
          join repeated using (spoken, day)
         order by day, spoken
    ),
    device as materialized (
        select platform, device(platform) as device
          from span
         group by platform
    ),
    places_inserted as (
        insert into heard_place
        select wanted_listener, day, spoken, country, device, sum(plays), sum(ms), sum(ended), sum(skipped)
          from (select spoken, day, country, platform, count(*) as plays, sum(ms) as ms,
                       count(*) filter (where ended) as ended, count(*) filter (where skipped) as skipped
                  from span
                 group by spoken, day, country, platform) as place
          left join device using (platform)
         group by spoken, day, country, device
         order by day, spoken
    )
    insert into heard_track as known
    select wanted_listener, spoken, track_id, count(*), sum(ms), min(day)
      from span
     group by spoken, track_id
     order by track_id, spoken
        on conflict (listener_id, track_id, spoken) do update
       set plays     = known.plays + excluded.plays,
           ms        = known.ms    + excluded.ms,
           first_day = least(known.first_day, excluded.first_day);
end $$;
