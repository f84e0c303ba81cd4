-- These tables and functions supply the panels of the dashboard. docs/dashboards.md defines what counts as a play.

create index track_shown_artist_key on track (shown_artist_key);

-- Returns the device family of a platform in the export. Spotify has spelled most platforms in many ways over the
-- years.
create function device(platform text) returns text
    language sql immutable parallel safe
    return case
        when platform is null
        then null
        when platform ilike '%cast%'
        then 'Cast'
        when platform ilike '%playstation%' or platform ilike '%xbox%'
          or platform ilike '%ps4%' or platform ilike '%ps5%'
        then 'console'
        when platform ilike '%web_player%' or platform ilike '%webplayer%' or platform ilike '%web player%'
        then 'web player'
        when platform ilike '%tv%' or platform ilike '%tizen%' or platform ilike '%webos%' or platform ilike '%roku%'
        then 'TV'
        when platform ilike '%sonos%' or platform ilike '%speaker%' or platform ilike '%echo%'
          or platform ilike '%bose%' or platform ilike '%denon%' or platform ilike '%google home%'
          or platform ilike '%homepod%'
        then 'speaker'
        when platform ilike '%car thing%' or platform ilike '%automotive%' or platform ilike '%carplay%'
          or platform ilike '%tesla%'
        then 'car'
        when platform ilike '%ios%' or platform ilike '%iphone%' or platform ilike '%ipad%'
        then 'iOS'
        when platform ilike '%android%'
        then 'Android'
        when platform ilike '%windows%'
        then 'Windows'
        when platform ilike '%os x%' or platform ilike '%osx%' or platform ilike '%macos%'
        then 'macOS'
        when platform ilike '%linux%'
        then 'Linux'
        else 'other'
    end;

-- Lists the listenings that statistics count, with their time on the clock of the listener.
create view heard as
select play.play_id,
       play.listener_id,
       play.track_id,
       track.shown_artist_key                                 as artist_key,
       play.played_at,
       play.played_at - coalesce(play.ms_played, track.duration_ms, 0) * interval '1 millisecond' as started_at,
       play.played_at at time zone listener.time_zone         as local_time,
       (play.played_at at time zone listener.time_zone)::date as day,
       track.kind in ('episode', 'chapter')                   as spoken,
       coalesce(play.ms_played, track.duration_ms, 0)         as ms,
       play.popularity                                        as own_popularity,
       coalesce(play.popularity,
                (select max(popularity)
                   from play as coarser
                  where coarser.same_as = play.play_id))      as popularity,
       play.country,
       play.platform,
       play.reason_end is not null                            as ended,
       play.reason_end in ('fwdbtn', 'backbtn', 'endplay')
           and play.ms_played < coalesce(track.duration_ms / 2, 30000) as skipped
  from play
  join track    using (track_id)
  -- Every play has a listener. The outer join lets the planner omit listener from queries without local times.
  left join listener using (listener_id)
 where play.same_as is null
   and play.ms_played is distinct from 0;

comment on view heard is
    'plays as statistics count them: each listening once and none of 0 ms; ms is the length of the track'
    ' if Spotify did not report the time heard';

-- The following tables hold sums of plays, so that a panel over all years reads thousands of rows instead of millions.
-- Writers need not maintain these tables: triggers mark affected days, which are recomputed at commit.
-- The tables have no foreign keys, because play already has them.

-- A row holds the plays of a day in arrays, because a few wide rows are faster to write and to read than a row per
-- play.
create table heard_day (
    listener_id      integer    not null,
    day              date       not null,
    spoken           boolean    not null,
    plays            integer    not null,
    ms               bigint     not null,
    popularity_sum   integer    not null,
    popularity_count integer    not null,
    repeated_track   integer    not null,
    repeated_plays   integer    not null,
    tracks           integer[]  not null,
    track_ms         integer[]  not null,
    hours            smallint[] not null,
    hour_plays       integer[]  not null,
    hour_ms          bigint[]   not null,
    primary key (listener_id, day, spoken)
);

comment on column heard_day.tracks is 'one element per play, parallel to track_ms';
comment on column heard_day.hours is 'the hours with plays, parallel to hour_plays and hour_ms';
comment on column heard_day.repeated_track is 'the track with most plays on the day';

create table heard_place (
    listener_id integer not null,
    day         date    not null,
    spoken      boolean not null,
    country     text,
    device      text,
    plays       integer not null,
    ms          bigint  not null,
    ended       integer not null,
    skipped     integer not null
);

comment on column heard_place.ended is 'plays for which Spotify reports how they ended';

create index heard_place_day on heard_place (listener_id, day);

-- A row holds the totals of a track over all time. They are maintained by differences, so that only changed days are
-- read.
create table heard_track (
    listener_id     integer     not null,
    spoken          boolean     not null,
    track_id        integer     not null,
    plays           integer     not null,
    ms              bigint      not null,
    first_day       date,
    primary key (listener_id, track_id, spoken)
);

create table heard_session (
    listener_id integer     not null,
    spoken      boolean     not null,
    started_at  timestamptz not null,
    ended_at    timestamptz not null,
    plays       integer     not null
);

comment on table heard_session is 'consecutive plays with pauses of less than 30 minutes between them';

create index heard_session_started on heard_session (listener_id, spoken, started_at);

create type role as enum ('artist', 'album', 'song', 'track');

-- An artist, album or song gets a number when a month in which it was heard is first counted.
create table heard_name (
    role     role    not null,
    name_key bigint  not null,
    number   integer not null,
    primary key (role, name_key),
    unique (role, number)
);

-- A bitmap holds the names or tracks heard in a month. A name has the same bit in every month and for every listener,
-- so distinct names over many months are counted by a bitwise or.
create table heard_month (
    listener_id integer   not null,
    spoken      boolean   not null,
    month       date      not null,
    role        role      not null,
    page        integer   not null,
    numbers     bit(4096) not null,
    primary key (listener_id, spoken, month, role, page)
);

comment on column heard_month.numbers is '4,096 bits per page: names by heard_name.number, tracks by track_id';

create table heard_hour (
    listener_id integer not null,
    spoken      boolean not null,
    month       date    not null,
    weekday     integer not null,
    hour        integer not null,
    plays       integer not null,
    ms          bigint  not null,
    primary key (listener_id, spoken, month, weekday, hour)
);

comment on column heard_hour.weekday is 'ISO: 1 is Monday';

create table play_count (
    listener_id     integer     not null,
    source          source      not null,
    plays           bigint      not null,
    standing        bigint      not null,
    first_played_at timestamptz not null,
    last_played_at  timestamptz not null,
    primary key (listener_id, source)
);

comment on column play_count.standing is 'plays that no finer source reports';

-- The table has no key, so that writers that mark the same day do not wait for each other. A day may be listed twice.
create table stale_day (
    listener_id integer not null,
    day         date    not null
);

create index stale_day_listener on stale_day (listener_id);

create table stale_month (
    month date primary key
);

-- The version increases with every change that may affect a panel. It is the ETag of all panels.
create table data_version (
    version bigint not null
);

insert into data_version values (1);

-- Only one transaction computes sums at a time, so that tables shared by all listeners stay exact.
create function hold_sums() returns void language sql as $$
    select pg_advisory_xact_lock(hashtext('tracklog.sums'));
$$;

-- The first call for a listener recomputes all stale days of that listener. Later calls find none.
create function sum_days() returns trigger language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
    zone       text;
    lends      boolean;
    days       date[];
    gone       integer[];
    first_gone integer[];
begin
    with stale as (
        delete from stale_day
         where listener_id = new.listener_id
        returning day
    )
    select array_agg(distinct day) into days from stale;
    if days is null then
        return null;
    end if;
    perform hold_sums();
    zone := (select time_zone from listener where listener_id = new.listener_id);
    -- The popularity of coarser plays is read only if the listener has coarser plays.
    lends := exists (select from play_count where listener_id = new.listener_id and source <> 'export');
    update data_version set version = version + 1;

    with known as (
        select heard.spoken, heard.track_id, count(*) as plays, sum(heard.ms) as ms
          from heard_day
         cross join lateral (select heard_day.spoken, unnest(tracks) as track_id, unnest(track_ms) as ms) as heard
         where listener_id = new.listener_id
           and day = any (days)
         group by heard.spoken, heard.track_id
    ),
    reduced as (
        update heard_track
           set plays = heard_track.plays - known.plays,
               ms    = heard_track.ms    - known.ms
          from known
         where listener_id = new.listener_id
           and heard_track.spoken   = known.spoken
           and heard_track.track_id = known.track_id
        returning heard_track.track_id, first_day = any (days) as first_gone
    )
    select array_agg(track_id), array_agg(track_id) filter (where reduced.first_gone)
      into gone, first_gone
      from reduced;
    delete from heard_day   where listener_id = new.listener_id and day = any (days);
    delete from heard_place where listener_id = new.listener_id and day = any (days);

    with run as (
        select unnest(range_agg(daterange(day, day, '[]'))) as run
          from unnest(days) as day
    ),
    touched as materialized (
        select run, lower(run)::timestamp at time zone zone as starts, upper(run)::timestamp at time zone zone as ends
          from run
    ),
    -- The condition on the range repeats the two before it. It gives the planner a better estimate of the number of
    -- plays, so that it does not read all tracks.
    span as materialized (
        select starts, track_id, played_at, started_at, local_time::date as day,
               extract(hour from local_time)::smallint as hour, spoken, ms,
               popularity, country, platform, ended, skipped
          from touched
         cross join lateral (select track_id, played_at, started_at,
                                    played_at at time zone zone as local_time, spoken, ms,
                                    case when lends then popularity else own_popularity end as popularity,
                                    country, platform, ended, skipped
                               from heard
                              where listener_id = new.listener_id
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
        select new.listener_id, day, spoken, plays, ms, popularity_sum, popularity_count,
               (ceil(most / 4294967296.0) * 4294967296 - most)::integer, ceil(most / 4294967296.0)::integer,
               tracks, track_ms, hours, hour_plays, hour_ms
          from day
          join hour     using (spoken, day)
          join repeated using (spoken, day)
         order by day, spoken
    ),
    places_inserted as (
        insert into heard_place
        select new.listener_id, day, spoken, country, device(platform), sum(plays), sum(ms), sum(ended), sum(skipped)
          from (select spoken, day, country, platform, count(*) as plays, sum(ms) as ms,
                       count(*) filter (where ended) as ended, count(*) filter (where skipped) as skipped
                  from span
                 group by spoken, day, country, platform) as place
         group by spoken, day, country, device(platform)
         order by day, spoken
    ),
    tracks_added as (
        insert into heard_track as known
        select new.listener_id, spoken, track_id, count(*), sum(ms), min(day)
          from span
         group by track_id, spoken
         order by track_id, spoken
            on conflict (listener_id, track_id, spoken) do update
           set plays     = known.plays + excluded.plays,
               ms        = known.ms    + excluded.ms,
               first_day = least(known.first_day, excluded.first_day)
    ),
    -- Sessions that the touched days may have cut, joined or extended are rebuilt from all their plays.
    near as (
        select spoken, min(since) - interval '30 minutes' as since, max(ends) + interval '30 minutes' as until
          from (select spoken, starts, ends, starts as since
                  from touched
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
                              where listener_id = new.listener_id
                                and heard_session.spoken = near.spoken
                                and started_at <= since
                              order by started_at desc
                              limit 1) as session on true
         group by near.spoken, since, until
    ),
    sessions_removed as (
        delete from heard_session
         using before
         where listener_id = new.listener_id
           and heard_session.spoken = before.spoken
           and heard_session.started_at >= coalesce(before.started_at, since)
           and heard_session.started_at < until
           and ended_at > since
        returning heard_session.spoken, heard_session.started_at, ended_at
    ),
    beside as (
        select spoken,
               unnest(range_agg(tstzrange(started_at, ended_at, '[]'))
                      - (select range_agg(tstzrange(starts, ends)) from touched)) as beside
          from sessions_removed
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
                              where listener_id = new.listener_id
                                and played_at >= lower(beside)
                                and played_at <= upper(beside)
                                and played_at <@ beside
                             offset 0) as heard
         where heard.spoken = beside.spoken
    ),
    -- Plays with less than a pause between them form one range.
    session as (
        select spoken, array_agg(lower(session) order by session) as starts
          from (select spoken,
                       unnest(range_agg(tstzrange(started_at,
                                                  played_at + interval '30 minutes'
                                                  - interval '1 microsecond'))) as session
                  from piece
                 group by spoken) as session
         group by spoken
    )
    insert into heard_session
    select new.listener_id, spoken, min(started_at), max(played_at), count(*)
      from piece
      join session using (spoken)
     group by spoken, width_bucket(played_at, starts)
     order by spoken, min(started_at);

    delete from heard_track
     where listener_id = new.listener_id
       and track_id = any (gone)
       and plays = 0;
    update heard_track
       set first_day = (select min(day)
                          from heard
                         where heard.listener_id = heard_track.listener_id
                           and heard.track_id    = heard_track.track_id
                           and heard.spoken      = heard_track.spoken)
     where listener_id = new.listener_id
       and track_id = any (first_gone);

    insert into stale_month
    select distinct date_trunc('month', day::timestamp)::date
      from unnest(days) as day
        on conflict do nothing;
    return null;
end $$;

create constraint trigger sum_days after insert on stale_day
    deferrable initially deferred
    for each row execute function sum_days();

create function touch_days() returns trigger language plpgsql as $$
begin
    insert into stale_day
    select distinct listener_id, (played_at at time zone time_zone)::date
      from changed
      join listener using (listener_id);
    return null;
end $$;

create function count_new_plays() returns trigger language plpgsql as $$
begin
    insert into play_count as known
    select listener_id, source, count(*), count(*) filter (where same_as is null), min(played_at), max(played_at)
      from changed
     group by listener_id, source
     order by listener_id, source
        on conflict (listener_id, source) do update
       set plays           = known.plays    + excluded.plays,
           standing        = known.standing + excluded.standing,
           first_played_at = least(known.first_played_at,   excluded.first_played_at),
           last_played_at  = greatest(known.last_played_at, excluded.last_played_at);
    return null;
end $$;

create function count_remaining_plays() returns trigger language plpgsql as $$
begin
    delete from play_count where listener_id in (select listener_id from changed);
    insert into play_count
    select listener_id, source, count(*), count(*) filter (where same_as is null), min(played_at), max(played_at)
      from play
     where listener_id in (select listener_id from changed)
     group by listener_id, source;
    return null;
end $$;

-- A change of same_as changes whether a play counts. It also changes the popularity of the play that same_as refers to,
-- which may be on another day. Old and new rows are not joined, because the plan is cached for few rows and would use
-- a nested loop for many.
create function follow_pairs() returns trigger language plpgsql as $$
begin
    update play_count
       set standing = standing + stood.plays
      from (select listener_id, source, sum(plays) as plays
              from (select listener_id, source, count(*)  as plays
                      from changed
                     where same_as is null
                     group by listener_id, source
                    union all
                    select listener_id, source, -count(*) as plays
                      from known
                     where same_as is null
                     group by listener_id, source) as standing
             group by listener_id, source
            having sum(plays) <> 0) as stood
     where play_count.listener_id = stood.listener_id
       and play_count.source      = stood.source;

    with lent as (
        (select play_id, same_as, popularity from changed except select play_id, same_as, popularity from known)
         union all
        (select play_id, same_as, popularity from known except select play_id, same_as, popularity from changed)
    )
    insert into stale_day
    select distinct listener_id, (played_at at time zone time_zone)::date
      from play
      join listener using (listener_id)
     where play_id = any (array(select same_as from lent where popularity is not null));
    return null;
end $$;

create trigger touch_days_of_new after insert on play
    referencing new table as changed for each statement execute function touch_days();
create trigger touch_days_of_changed after update on play
    referencing new table as changed for each statement execute function touch_days();
create trigger touch_days_of_deleted after delete on play
    referencing old table as changed for each statement execute function touch_days();
create trigger count_new_plays after insert on play
    referencing new table as changed for each statement execute function count_new_plays();
create trigger follow_pairs after update on play
    referencing old table as known new table as changed for each statement execute function follow_pairs();
create trigger count_remaining_plays after delete on play
    referencing old table as changed for each statement execute function count_remaining_plays();

-- The kind and the length of a track affect every day on which it was played. Its names affect only months,
-- so one day of each month is marked for them.
create function touch_plays_of_tracks() returns trigger language plpgsql as $$
begin
    insert into stale_day
    select distinct play.listener_id, (play.played_at at time zone listener.time_zone)::date
      from changed
      join known    using (track_id)
      join play     using (track_id)
      join listener using (listener_id)
     where changed.kind is distinct from known.kind
        or (changed.duration_ms is distinct from known.duration_ms
            and (play.ms_played is null or play.reason_end is not null));
    insert into stale_day
    select play.listener_id, min((play.played_at at time zone listener.time_zone)::date)
      from changed
      join known    using (track_id)
      join play     using (track_id)
      join listener using (listener_id)
     where (changed.name, changed.shown_artist_name, changed.album_artist_name, changed.album_name)
           is distinct from
           (known.name, known.shown_artist_name, known.album_artist_name, known.album_name)
     group by play.listener_id, date_trunc('month', play.played_at at time zone listener.time_zone);
    return null;
end $$;

create trigger touch_plays after update on track
    referencing old table as known new table as changed for each statement execute function touch_plays_of_tracks();

-- The lock waits for concurrent writers of plays. Otherwise their days would be those of the previous time zone.
create function touch_plays_of_listener() returns trigger language plpgsql as $$
begin
    perform hold_listener(new.listener_id);
    insert into stale_day
    select distinct listener_id, day
      from play,
           lateral (values ((played_at at time zone old.time_zone)::date),
                           ((played_at at time zone new.time_zone)::date)) as touched (day)
     where listener_id = new.listener_id;
    return null;
end $$;

create trigger touch_plays after update on listener
    for each row when (old.time_zone <> new.time_zone) execute function touch_plays_of_listener();

-- Returns whether a range of days, both ends included, covers most known days. Sums per track are then faster to
-- compute as the total of each track minus the other days.
create function covers_most(wanted_listener integer, first_day date, last_day date) returns boolean
    language sql stable
as $$
    with known as (
        select (select min(day) from heard_day where heard_day.listener_id = listener.listener_id) as first_known,
               (select max(day) from heard_day where heard_day.listener_id = listener.listener_id) as last_known
          from listener
         where wanted_listener is null or listener_id = wanted_listener
    )
    select coalesce(sum(greatest(least(last_day, last_known) - greatest(first_day, first_known) + 1, 0)) * 2
                    > sum(last_known - first_known + 1), false)
      from known
     where first_known is not null
$$;

-- Returns the plays of each track in a range of days, both ends included. A track may have several rows, so callers sum
-- them. Milliseconds are double precision, because sums are faster than in numeric and exact at this size.
create function heard_tracks(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean)
    returns table (track_id integer, plays integer, ms double precision)
    language sql stable rows 50000
as $$
    select track_id, heard_track.plays - coalesce(other.plays, 0)::integer,
           (heard_track.ms - coalesce(other.ms, 0))::double precision
      from heard_track
      left join (select listener_id, track_id, count(*) as plays, sum(ms) as ms
                   from (select listener_id, unnest(tracks) as track_id, unnest(track_ms) as ms
                           from heard_day
                          where listener_id = any (array(select listener_id
                                                           from listener
                                                          where wanted_listener is null
                                                             or listener_id = wanted_listener))
                            and spoken = wanted_spoken
                            and (day < first_day or day > last_day)
                            and (select covers_most(wanted_listener, first_day, last_day))) as play
                  group by listener_id, track_id) as other using (listener_id, track_id)
     where (wanted_listener is null or listener_id = wanted_listener)
       and spoken = wanted_spoken
       -- The parameters are qualified, because heard_track has a column first_day.
       and (select covers_most(wanted_listener, heard_tracks.first_day, heard_tracks.last_day))
       and (other.plays is null or heard_track.plays > other.plays)
     union all
    select track_id, count(*)::integer, sum(ms)::double precision
      from (select unnest(tracks) as track_id, unnest(track_ms) as ms
              from heard_day
             where listener_id = any (array(select listener_id
                                              from listener
                                             where wanted_listener is null or listener_id = wanted_listener))
               and spoken = wanted_spoken
               and day between first_day and last_day
               and not (select covers_most(wanted_listener, first_day, last_day))) as play
     group by track_id
$$;

-- Returns the plays of one artist. The conversion to local time is slow, so it is applied only near both ends of the
-- range: no time zone differs from UTC by a day. The popularity of coarser plays is read only if there are coarser
-- plays.
create function heard_of(artist text, wanted_listener integer, first_day date, last_day date, wanted_spoken boolean)
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
       and listener_id = any (array(select listener_id
                                      from listener
                                     where wanted_listener is null or listener_id = wanted_listener))
       and spoken = wanted_spoken
       and played_at >= (first_day - interval '1 day') at time zone 'UTC'
       and played_at <  (last_day + interval '2 days') at time zone 'UTC'
       and (played_at >= (first_day + interval '1 day') at time zone 'UTC'
            and played_at < last_day::timestamp at time zone 'UTC'
            or day between first_day and last_day)
$$;

-- Returns plays and milliseconds of each day, of one artist if given.
create function heard_days(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean, artist text)
    returns table (day date, plays integer, ms double precision)
    language sql stable rows 10000
as $$
    select day, plays, ms::double precision
      from heard_day
     where artist is null
       and listener_id = any (array(select listener_id
                                      from listener
                                     where wanted_listener is null or listener_id = wanted_listener))
       and spoken = wanted_spoken
       and day between first_day and last_day
     union all
    select local_time::date, count(*)::integer, sum(ms)
      from heard_of(artist, wanted_listener, first_day, last_day, wanted_spoken)
     group by 1
$$;

-- Returns the counted months that lie entirely in a range of days, both ends included. Callers read the other days
-- singly.
create function counted_months(first_day date, last_day date) returns datemultirange
    language sql stable
as $$
    select coalesce(range_agg(daterange(month::date, (month + interval '1 month')::date)), '{}')
      from generate_series(date_trunc('month', (first_day - 1)::timestamp) + interval '1 month',
                           date_trunc('month', (last_day + 1)::timestamp) - interval '1 month', '1 month') as month
     where month::date not in (select stale_month.month from stale_month)
$$;

create function other_days(first_day date, last_day date, counted datemultirange) returns setof daterange
    language sql immutable rows 3
as $$
    select unnest(datemultirange(daterange(first_day, last_day, '[]')) - counted)
$$;

-- Returns plays and milliseconds of each hour of each weekday, of one artist if given.
create function heard_hours(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean, artist text)
    returns table (weekday integer, hour integer, plays integer, ms double precision)
    language sql stable rows 50000
as $$
    with counted as materialized (
        select counted_months(first_day, last_day) as months
    )
    select weekday, hour, plays, ms::double precision
      from heard_hour
     where artist is null
       and listener_id = any (array(select listener_id
                                      from listener
                                     where wanted_listener is null or listener_id = wanted_listener))
       and spoken = wanted_spoken
       and month between first_day and last_day
       and month <@ (select months from counted)
     union all
    select 1 + (day - date '1900-01-01') % 7, unnest(hours), unnest(hour_plays), unnest(hour_ms)::double precision
      from counted
     cross join other_days(first_day, last_day, months) as other
      join heard_day on day >= lower(other) and day < upper(other)
     where artist is null
       and listener_id = any (array(select listener_id
                                      from listener
                                     where wanted_listener is null or listener_id = wanted_listener))
       and spoken = wanted_spoken
     union all
    select 1 + (local_time::date - date '1900-01-01') % 7, date_part('hour', local_time)::integer, 1, ms
      from (select local_time, ms
              from heard_of(artist, wanted_listener, first_day, last_day, wanted_spoken)
            -- The offset 0 prevents a second conversion to local time.
            offset 0) as heard
$$;

-- Returns the six figures of a range of days. The popularity is that of the average play.
-- The function is in PL/pgSQL, so that only the query that runs is planned.
create function count_heard(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean, artist text)
    returns table (plays bigint, hours numeric, artists bigint, albums bigint, tracks bigint, popularity numeric)
    language plpgsql stable rows 1 set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    listeners integer[];
    months    datemultirange;
    others    daterange[];
begin
    if artist is not null then
        return query
        select count(*), round((coalesce(sum(ms), 0) / 3600000)::numeric, 3),
               count(distinct shown_artist_key), count(distinct album_key), count(distinct song_key),
               round(avg(popularity), 1)
          from heard_of(artist, wanted_listener, first_day, last_day, wanted_spoken)
          join track using (track_id);
        return;
    end if;
    listeners := array(select listener_id from listener where wanted_listener is null or listener_id = wanted_listener);
    months    := counted_months(first_day, last_day);
    others    := array(select other_days(first_day, last_day, months));
    return query
    with total as (
        select coalesce(sum(plays), 0)                                                   as plays,
               round(coalesce(sum(ms), 0) / 3600000, 3)                                  as hours,
               round(sum(popularity_sum)::numeric / nullif(sum(popularity_count), 0), 1) as popularity
          from heard_day
         where listener_id = any (listeners)
           and spoken = wanted_spoken
           and day between first_day and last_day
    ),
    counted as materialized (
        select role, page, bit_or(numbers) as numbers
          from heard_month
         where listener_id = any (listeners)
           and spoken = wanted_spoken
           and month between first_day and last_day
           and month <@ months
         group by role, page
    ),
    other_track as (
        select distinct unnest(tracks) as track_id
          from unnest(others) as other
          join heard_day on day >= lower(other) and day < upper(other)
         where listener_id = any (listeners)
           and spoken = wanted_spoken
           and day between first_day and last_day
    ),
    -- Most tracks of the other days were also heard in the counted months. They add no names, so they are excluded.
    other_names as materialized (
        select shown_artist_key, album_key, song_key
          from other_track
          join track using (track_id)
          left join counted on counted.role = 'track' and page = track_id / 4096
         where coalesce(get_bit(numbers, track_id % 4096), 0) = 0
    ),
    other_name as (
        select distinct 'artist'::role as role, shown_artist_key as name_key
          from other_names
         where shown_artist_key is not null
         union all
        select distinct 'album'::role, album_key
          from other_names
         where album_key is not null
         union all
        select distinct 'song'::role, song_key
          from other_names
    ),
    -- Few names are left, so each is looked up by its key.
    other_number as materialized (
        select role,
               (select number
                  from heard_name
                 where heard_name.role = other_name.role
                   and heard_name.name_key = other_name.name_key) as number
          from other_name
         where not isempty(months)
    ),
    names as (
        select role, sum(bit_count(numbers)) as names
          from counted
         group by role
         union all
        select other_number.role, count(*)
          from other_number
          left join counted on counted.role = other_number.role and page = number / 4096
         where coalesce(get_bit(numbers, number % 4096), 0) = 0
         group by other_number.role
         union all
        -- Without a counted month the names are counted directly, without their numbers.
        select role, names
          from (select count(distinct shown_artist_key) as artists,
                       count(distinct album_key)        as albums,
                       count(distinct song_key)         as songs
                  from other_names) as plain
         cross join lateral (values ('artist'::role, artists),
                                    ('album',        albums),
                                    ('song',         songs)) as named (role, names)
         where isempty(months)
    ),
    variety as (
        select coalesce(sum(names) filter (where role = 'artist'), 0)::bigint as artists,
               coalesce(sum(names) filter (where role = 'album'), 0)::bigint  as albums,
               coalesce(sum(names) filter (where role = 'song'), 0)::bigint   as tracks
          from names
    )
    select plays, hours, artists, albums, tracks, popularity
      from total, variety;
end $$;

create function heard_days_of(months date[])
    returns table (month date, listener_id integer, spoken boolean, day date,
                   tracks integer[], hours smallint[], hour_plays integer[], hour_ms bigint[])
    language sql stable rows 10000
as $$
    select month, listener_id, spoken, day, tracks, hours, hour_plays, hour_ms
      from unnest(months) as month
     cross join listener
      join heard_day using (listener_id)
     where day >= month
       and day <  (month + interval '1 month')::date
$$;

-- Counts the changed months, the latest first, up to a limit if given. This is too slow for every poll, so it runs
-- in the background or when a panel needs the months.
create function count_months(most integer default null) returns void
    language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
    stale date[];
begin
    if not exists (select from stale_month) then
        return;
    end if;
    perform hold_sums();
    with counted as (
        delete from stale_month
         where month in (select month from stale_month order by month desc limit most)
        returning month
    )
    select array_agg(month) into stale from counted;

    insert into heard_name
    with heard as (
        select distinct unnest(tracks) as track_id
          from heard_days_of(stale)
    ),
    named as (
        select distinct role, name_key
          from heard
          join track using (track_id)
         cross join lateral (values ('artist'::role, shown_artist_key),
                                    ('album',        album_key),
                                    ('song',         song_key)) as named (role, name_key)
         where name_key is not null
    ),
    last as (
        select role, max(number) as number
          from heard_name
         group by role
    )
    select role, name_key, coalesce(last.number, 0) + row_number() over (partition by role order by name_key)
      from named
      left join heard_name using (role, name_key)
      left join last       using (role)
     where heard_name.number is null;

    delete from heard_month where month = any (stale);
    insert into heard_month
    with heard as (
        select listener_id, spoken, month, unnest(tracks) as track_id
          from heard_days_of(stale)
    ),
    numbered as materialized (
        select track_id, role, number
          from (select distinct track_id from heard) as heard
          join track using (track_id)
         cross join lateral (values ('artist'::role, shown_artist_key),
                                    ('album',        album_key),
                                    ('song',         song_key)) as named (role, name_key)
          join heard_name using (role, name_key)
         union all
        select distinct track_id, 'track'::role, track_id
          from heard
    ),
    -- Bits are first combined into words of 64, because setting one bit copies the whole bit string.
    word as (
        select listener_id, spoken, month, role, number / 64 as word, bit_or(1::bigint << (63 - number % 64)) as bits
          from heard
          join numbered using (track_id)
         group by listener_id, spoken, month, role, number / 64
    )
    select listener_id, spoken, month, role, word / 64, bit_or(bits::bit(64)::bit(4096) >> (word % 64 * 64))
      from word
     group by listener_id, spoken, month, role, word / 64;

    delete from heard_hour where month = any (stale);
    insert into heard_hour
    select listener_id, spoken, month, weekday, hour, sum(plays), sum(ms)
      from (select listener_id, spoken, month, 1 + (day - date '1900-01-01') % 7 as weekday,
                   unnest(hours) as hour, unnest(hour_plays) as plays, unnest(hour_ms) as ms
              from heard_days_of(stale)) as heard
     group by listener_id, spoken, month, weekday, hour;
end $$;

-- Counts two years per transaction, so that writers which recompute days can run between them. It stops while an import
-- runs, because the import changes most months again.
create procedure count_all_months() language plpgsql as $$
begin
    while exists (select from stale_month) and not exists (select from import where state = 'running') loop
        perform count_months(24);
        commit;
    end loop;
end $$;

-- Returns the number of artists, albums and tracks of each month, and the number of those heard for the first time.
create function heard_months(wanted_listener integer, wanted_spoken boolean)
    returns table (month date, artists bigint, albums bigint, tracks bigint,
                   new_artists bigint, new_albums bigint, new_tracks bigint)
    language plpgsql volatile set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
    -- The lock prevents another count between this one and the query.
    perform hold_sums();
    perform count_months();
    return query
    with had as (
        select month, role, page, bit_or(numbers) as numbers
          from heard_month
         where listener_id = any (array(select listener_id
                                          from listener
                                         where wanted_listener is null or listener_id = wanted_listener))
           and spoken = wanted_spoken
           and role <> 'track'
         group by month, role, page
    ),
    counted as (
        select month, role, bit_count(numbers) as names,
               bit_count(numbers & ~coalesce(bit_or(numbers) over earlier, b'0'::bit(4096))) as new_names
          from had
        window earlier as (partition by role, page order by month rows between unbounded preceding and 1 preceding)
    )
    select month,
           coalesce(sum(names)     filter (where role = 'artist'), 0)::bigint,
           coalesce(sum(names)     filter (where role = 'album'),  0)::bigint,
           coalesce(sum(names)     filter (where role = 'song'),   0)::bigint,
           coalesce(sum(new_names) filter (where role = 'artist'), 0)::bigint,
           coalesce(sum(new_names) filter (where role = 'album'),  0)::bigint,
           coalesce(sum(new_names) filter (where role = 'song'),   0)::bigint
      from counted
     group by month;
end $$;
