-- ${views}
-- These functions read the sums of a range of days, both ends included, of one listener or, without one, of all.
-- Milliseconds are double precision, because sums are faster than in numeric and exact at this size.

create or replace function find_listeners(wanted_listener integer) returns setof integer
    language sql stable
as $$
    select listener_id from listener where wanted_listener is null or listener_id = wanted_listener
$$;

-- Returns whether a range of days covers most known days. Sums per track are then faster to compute as the total of
-- each track minus the other days.
create or replace function covers_most(wanted_listener integer, first_day date, last_day date) returns boolean
    language sql stable
as $$
    with known as (
        select (select min(day) from heard_day where heard_day.listener_id = listener) as first_known,
               (select max(day) from heard_day where heard_day.listener_id = listener) as last_known
          from find_listeners(wanted_listener) as listener
    )
    select coalesce(sum(greatest(least(last_day, last_known) - greatest(first_day, first_known) + 1, 0)) * 2
                    > sum(last_known - first_known + 1), false)
      from known
     where first_known is not null
$$;

-- Returns the plays of each track. A track may have several rows, so callers sum them.
create or replace function read_tracks(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean)
    returns table (track_id integer, plays integer, ms double precision)
    language sql stable rows 50000
as $$
    select track_id, heard_track.plays - coalesce(other.plays, 0)::integer,
           (heard_track.ms - coalesce(other.ms, 0))::double precision
      from heard_track
      left join (select listener_id, track_id, count(*) as plays, sum(ms) as ms
                   from (select listener_id, unnest(tracks) as track_id, unnest(track_ms) as ms
                           from heard_day
                          where listener_id = any (array(select find_listeners(wanted_listener)))
                            and spoken = wanted_spoken
                            and (day < first_day or day > last_day)
                            and (select covers_most(wanted_listener, first_day, last_day))) as play
                  group by listener_id, track_id) as other using (listener_id, track_id)
     where listener_id = any (array(select find_listeners(wanted_listener)))
       and spoken = wanted_spoken
       -- The parameters are qualified, because heard_track has a column first_day.
       and (select covers_most(wanted_listener, read_tracks.first_day, read_tracks.last_day))
       and (other.plays is null or heard_track.plays > other.plays)
     union all
    select track_id, count(*)::integer, sum(ms)::double precision
      from (select unnest(tracks) as track_id, unnest(track_ms) as ms
              from heard_day
             where listener_id = any (array(select find_listeners(wanted_listener)))
               and spoken = wanted_spoken
               and day between first_day and last_day
               and not (select covers_most(wanted_listener, first_day, last_day))) as play
     group by track_id
$$;

-- Returns the plays of one artist. The conversion to local time is slow, so it is applied only near both ends of the
-- range: no time zone differs from UTC by a day. The popularity of coarser plays is read only if there are coarser
-- plays.
create or replace function read_artist(artist text, wanted_listener integer, first_day date, last_day date,
                                       wanted_spoken boolean)
    returns table (track_id integer, local_time timestamp, ms double precision, popularity integer)
    language sql stable rows 1000
as $$
    select track_id, local_time, ms,
           case when (select exists (select from play_count where source <> 'export'))
                then popularity
                else own_popularity end
      from heard
     where artist is not null
       and artist_key = name_key(artist)
       and listener_id = any (array(select find_listeners(wanted_listener)))
       and spoken = wanted_spoken
       and played_at >= (first_day - interval '1 day') at time zone 'UTC'
       and played_at <  (last_day + interval '2 days') at time zone 'UTC'
       and (played_at >= (first_day + interval '1 day') at time zone 'UTC'
            and played_at < last_day::timestamp at time zone 'UTC'
            or day between first_day and last_day)
$$;

-- Returns plays and milliseconds of each day, of one artist if given.
create or replace function read_days(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean,
                                     artist text)
    returns table (day date, plays integer, ms double precision)
    language sql stable rows 10000
as $$
    select day, plays, ms::double precision
      from heard_day
     where artist is null
       and listener_id = any (array(select find_listeners(wanted_listener)))
       and spoken = wanted_spoken
       and day between first_day and last_day
     union all
    select local_time::date, count(*)::integer, sum(ms)
      from read_artist(artist, wanted_listener, first_day, last_day, wanted_spoken)
     group by 1
$$;

-- Returns plays and milliseconds of each hour of each weekday (ISO: 1 is Monday), of one artist if given.
create or replace function read_hours(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean,
                                      artist text)
    returns table (weekday integer, hour integer, plays integer, ms double precision)
    language sql stable rows 50000
as $$
    select 1 + (day - date '1900-01-01') % 7, unnest(hours), unnest(hour_plays), unnest(hour_ms)::double precision
      from heard_day
     where artist is null
       and listener_id = any (array(select find_listeners(wanted_listener)))
       and spoken = wanted_spoken
       and day between first_day and last_day
     union all
    select 1 + (local_time::date - date '1900-01-01') % 7, date_part('hour', local_time)::integer, 1, ms
      from (select local_time, ms
              from read_artist(artist, wanted_listener, first_day, last_day, wanted_spoken)
            -- The offset 0 prevents a second conversion to local time.
            offset 0) as heard
$$;
