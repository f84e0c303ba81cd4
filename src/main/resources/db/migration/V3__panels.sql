-- What the panels of the dashboard are computed from. docs/dashboards.md says what counts as a play.

-- The names by which statistics group: the artist shown is the track's where known, else the album's;
-- a song is the same under another URI when folded title and artist agree.
alter table track
    add column shown_artist_name text generated always as (coalesce(artist_name, album_artist_name)) stored,
    add column shown_artist_key  uuid generated always as (md5(fold(coalesce(artist_name, album_artist_name)))::uuid) stored,
    add column album_key         uuid generated always as
        (md5(fold(album_name) || E'\x1f' || coalesce(fold(coalesce(album_artist_name, artist_name)), ''))::uuid) stored,
    add column song_key          uuid generated always as
        (case when name is null then track_key
              else md5(fold(name) || E'\x1f' || coalesce(fold(coalesce(artist_name, album_artist_name)), ''))::uuid
          end) stored,
    add column search_text       text generated always as
        (fold(coalesce(name, '') || E'\n' || coalesce(coalesce(artist_name, album_artist_name), '') || E'\n' || coalesce(album_name, ''))) stored;

create index track_shown_artist_key on track (shown_artist_key);

-- The family of devices that a platform of the export names; over the years Spotify has spelled each in many ways.
create function device(platform text) returns text
    language sql immutable parallel safe
    return case
        when platform is null                                                                 then null
        when platform ilike '%cast%'                                                          then 'Cast'
        when platform ilike '%playstation%' or platform ilike '%xbox%' or platform ilike '%ps4%' or platform ilike '%ps5%' then 'console'
        when platform ilike '%web_player%' or platform ilike '%webplayer%' or platform ilike '%web player%' then 'web player'
        when platform ilike '%tv%' or platform ilike '%tizen%' or platform ilike '%webos%' or platform ilike '%roku%' then 'TV'
        when platform ilike '%sonos%' or platform ilike '%speaker%' or platform ilike '%echo%' or platform ilike '%bose%'
          or platform ilike '%denon%' or platform ilike '%google home%' or platform ilike '%homepod%' then 'speaker'
        when platform ilike '%car thing%' or platform ilike '%automotive%' or platform ilike '%carplay%' or platform ilike '%tesla%' then 'car'
        when platform ilike '%ios%' or platform ilike '%iphone%' or platform ilike '%ipad%'   then 'iOS'
        when platform ilike '%android%'                                                       then 'Android'
        when platform ilike '%windows%'                                                       then 'Windows'
        when platform ilike '%os x%' or platform ilike '%osx%' or platform ilike '%macos%'    then 'macOS'
        when platform ilike '%linux%'                                                         then 'Linux'
        else 'other'
    end;

-- Every listening that counts, on the listener's clock.
create view heard as
select listening.play_id,
       listening.listener_id,
       listening.track_id,
       listening.played_at,
       listening.played_at at time zone listener.time_zone         as local_time,
       (listening.played_at at time zone listener.time_zone)::date as day,
       track.kind in ('episode', 'chapter')                        as spoken,
       coalesce(listening.ms_played, track.duration_ms, 0)         as ms,
       listening.popularity,
       listening.country,
       device(listening.platform)                                  as device,
       listening.reason_end is not null                            as ended,
       listening.reason_end in ('fwdbtn', 'backbtn', 'endplay')
           and listening.ms_played < coalesce(track.duration_ms / 2, 30000) as skipped
  from listening
  join track    using (track_id)
  join listener using (listener_id)
 where listening.ms_played is distinct from 0;

comment on view heard is 'plays as the statistics count them: not of 0 ms, each listening once; ms is the track''s length where Spotify did not say how much was heard';

-- Sums of whole months and years, so that a panel over all years reads thousands of rows and not millions.
-- Whoever changes plays need not know: triggers note which months that touches, and the end of the transaction sums them again.
-- They refer to no other table, since what they are derived from does.
create table heard_month (
    listener_id      integer     not null,
    month            date        not null,
    track_id         integer     not null,
    spoken           boolean     not null,
    plays            integer     not null,
    ms               bigint      not null,
    popularity_sum   integer     not null,
    popularity_count integer     not null,
    first_played_at  timestamptz not null,
    most_a_day       smallint    not null,
    day_of_most      date        not null,
    primary key (listener_id, month, track_id)
);

create table heard_year (
    listener_id      integer     not null,
    year             date        not null,
    track_id         integer     not null,
    spoken           boolean     not null,
    plays            integer     not null,
    ms               bigint      not null,
    popularity_sum   integer     not null,
    popularity_count integer     not null,
    first_played_at  timestamptz not null,
    primary key (listener_id, year, track_id)
);

create table heard_hour (
    listener_id integer  not null,
    spoken      boolean  not null,
    day         date     not null,
    hour        smallint not null,
    plays       integer  not null,
    ms          bigint   not null,
    primary key (listener_id, spoken, day, hour)
);

create table heard_place (
    listener_id integer not null,
    spoken      boolean not null,
    day         date    not null,
    country     text,
    device      text,
    plays       integer not null,
    ms          bigint  not null,
    ended       integer not null,
    skipped     integer not null
);

comment on column heard_place.ended is 'plays of which Spotify says how they ended';

create index heard_place_day on heard_place (listener_id, spoken, day);

create table heard_variety (
    listener_id integer not null,
    spoken      boolean not null,
    month       date    not null,
    artists     integer not null,
    albums      integer not null,
    tracks      integer not null,
    primary key (listener_id, spoken, month)
);

-- Sessions, cut at the ends of months; the view puts them together again.
create table heard_session (
    listener_id integer     not null,
    spoken      boolean     not null,
    month       date        not null,
    started_at  timestamptz not null,
    ended_at    timestamptz not null,
    plays       integer     not null,
    primary key (listener_id, spoken, month, started_at)
);

create table stale_month (
    listener_id integer not null,
    month       date    not null,
    primary key (listener_id, month)
);

create table stale_year (
    listener_id integer not null,
    year        date    not null,
    primary key (listener_id, year)
);

-- Counts what a listener's panels may have changed by: the ETag of every panel.
create table data_version (
    listener_id integer primary key references listener on delete cascade,
    version     bigint  not null default 1
);

create view session as
with pause as (
    select *,
           started_at - max(ended_at) over (partition by listener_id, spoken order by started_at, ended_at
                                            rows between unbounded preceding and 1 preceding) as before
      from heard_session
),
numbered as (
    select *,
           count(*) filter (where before is null or before >= interval '30 minutes')
               over (partition by listener_id, spoken order by started_at, ended_at) as session
      from pause
)
select listener_id, spoken,
       min(started_at) as started_at,
       max(ended_at)   as ended_at,
       sum(plays)      as plays
  from numbered
 group by listener_id, spoken, session;

comment on view session is 'plays without a pause of 30 minutes or more between the end of one and the start of the next';

-- The first of a listener's stale months to be summed sums them all.
-- Nested loops look cheap to the planner until the first history has been analyzed.
create function sum_months() returns trigger language plpgsql
    set plan_cache_mode = force_custom_plan set enable_nestloop = off as $$
declare
    months date[];
    starts timestamptz;
    ends   timestamptz;
begin
    if not exists (select from stale_month where listener_id = new.listener_id and month = new.month) then
        return null;
    end if;
    select array_agg(month), min(month)::timestamp at time zone min(time_zone), (max(month) + interval '1 month') at time zone min(time_zone)
      into months, starts, ends
      from stale_month
      join listener using (listener_id)
     where listener_id = new.listener_id;
    delete from heard_session where listener_id = new.listener_id and month = any (months);
    delete from heard_variety where listener_id = new.listener_id and month = any (months);
    delete from heard_hour
     where listener_id = new.listener_id
       and day >= (select min(month) from unnest(months) as month)
       and date_trunc('month', day)::date = any (months);
    delete from heard_place
     where listener_id = new.listener_id
       and day >= (select min(month) from unnest(months) as month)
       and date_trunc('month', day)::date = any (months);

    with span as materialized (
        select date_trunc('month', local_time)::date as month, track_id, spoken, day, local_time, played_at, ms, popularity, country, device, ended, skipped
          from heard
         where listener_id = new.listener_id and played_at >= starts and played_at < ends
           and date_trunc('month', local_time)::date = any (months)
    ),
    day_sum as (
        select month, track_id, spoken, day, count(*) as plays, sum(ms) as ms,
               coalesce(sum(popularity), 0) as popularity_sum, count(popularity) as popularity_count, min(played_at) as first_played_at
          from span
         group by month, track_id, spoken, day
    ),
    track_sum as materialized (
        select month, track_id, spoken, sum(plays) as plays, sum(ms) as ms, sum(popularity_sum) as popularity_sum,
               sum(popularity_count) as popularity_count, min(first_played_at) as first_played_at,
               max(plays) as most_a_day,
               date '2000-01-01' + (max(plays * 100000 + (day - date '2000-01-01')) % 100000)::integer as day_of_most
          from day_sum
         group by month, track_id, spoken
    ),
    gone as (
        delete from heard_month as known
         where known.listener_id = new.listener_id
           and known.month = any (months)
           and not exists (select from track_sum where track_sum.month = known.month and track_sum.track_id = known.track_id)
    ),
    tracks as (
        insert into heard_month as known
        select new.listener_id, month, track_id, spoken, plays, ms, popularity_sum, popularity_count, first_played_at,
               most_a_day, day_of_most
          from track_sum
         order by month, track_id
            on conflict (listener_id, month, track_id) do update
           set spoken = excluded.spoken, plays = excluded.plays, ms = excluded.ms, popularity_sum = excluded.popularity_sum,
               popularity_count = excluded.popularity_count, first_played_at = excluded.first_played_at,
               most_a_day = excluded.most_a_day, day_of_most = excluded.day_of_most
         where (known.spoken, known.plays, known.ms, known.popularity_sum, known.popularity_count, known.first_played_at,
                known.most_a_day, known.day_of_most)
               is distinct from
               (excluded.spoken, excluded.plays, excluded.ms, excluded.popularity_sum, excluded.popularity_count, excluded.first_played_at,
                excluded.most_a_day, excluded.day_of_most)
    ),
    places as (
        insert into heard_place
        select new.listener_id, spoken, day, country, device, count(*), sum(ms), count(*) filter (where ended), count(*) filter (where skipped)
          from span
         group by spoken, day, country, device
    ),
    hours as (
        insert into heard_hour
        select new.listener_id, spoken, day, extract(hour from local_time), count(*), sum(ms)
          from span
         group by spoken, day, extract(hour from local_time)
    ),
    variety as (
        insert into heard_variety
        select new.listener_id, spoken, month,
               count(distinct shown_artist_key), count(distinct album_key), count(distinct song_key)
          from track_sum
          join track using (track_id)
         group by spoken, month
    ),
    heard_span as (
        select month, spoken, played_at, played_at - ms * interval '1 millisecond' as started_at
          from span
    ),
    pause as (
        select *,
               started_at - max(played_at) over (partition by month, spoken order by started_at, played_at
                                                 rows between unbounded preceding and 1 preceding) as before
          from heard_span
    ),
    numbered as (
        select *,
               count(*) filter (where before is null or before >= interval '30 minutes')
                   over (partition by month, spoken order by started_at, played_at) as session
          from pause
    )
    insert into heard_session
    select new.listener_id, spoken, month, min(started_at), max(played_at), count(*)
      from numbered
     group by spoken, month, session;

    insert into stale_year
    select distinct listener_id, date_trunc('year', month)::date
      from stale_month
     where listener_id = new.listener_id
        on conflict do nothing;
    delete from stale_month where listener_id = new.listener_id;
    return null;
end $$;

create function sum_years() returns trigger language plpgsql
    set plan_cache_mode = force_custom_plan set enable_nestloop = off as $$
begin
    with track_sum as materialized (
        select date_trunc('year', month)::date as year, track_id, bool_or(spoken) as spoken, sum(plays) as plays, sum(ms) as ms,
               sum(popularity_sum) as popularity_sum, sum(popularity_count) as popularity_count, min(first_played_at) as first_played_at
          from stale_year
          join heard_month using (listener_id)
         where listener_id = new.listener_id and month >= year and month < year + interval '1 year'
         group by date_trunc('year', month), track_id
    ),
    gone as (
        delete from heard_year as known using stale_year as stale
         where known.listener_id = new.listener_id
           and stale.listener_id = new.listener_id
           and known.year = stale.year
           and not exists (select from track_sum where track_sum.year = known.year and track_sum.track_id = known.track_id)
    )
    insert into heard_year as known
    select new.listener_id, year, track_id, spoken, plays, ms, popularity_sum, popularity_count, first_played_at
      from track_sum
     order by year, track_id
        on conflict (listener_id, year, track_id) do update
       set spoken = excluded.spoken, plays = excluded.plays, ms = excluded.ms, popularity_sum = excluded.popularity_sum,
           popularity_count = excluded.popularity_count, first_played_at = excluded.first_played_at
     where (known.spoken, known.plays, known.ms, known.popularity_sum, known.popularity_count, known.first_played_at)
           is distinct from
           (excluded.spoken, excluded.plays, excluded.ms, excluded.popularity_sum, excluded.popularity_count, excluded.first_played_at);

    delete from stale_year where listener_id = new.listener_id;
    return null;
end $$;

create constraint trigger sum_months after insert on stale_month
    deferrable initially deferred
    for each row execute function sum_months();

create constraint trigger sum_years after insert on stale_year
    deferrable initially deferred
    for each row execute function sum_years();

create function touch_months() returns trigger language plpgsql as $$
begin
    insert into stale_month
    select distinct listener_id, date_trunc('month', played_at at time zone time_zone)::date
      from changed
      join listener using (listener_id)
     order by 1, 2
        on conflict do nothing;
    insert into data_version as known
    select distinct listener_id
      from changed
     order by 1
        on conflict (listener_id) do update set version = known.version + 1;
    return null;
end $$;

create trigger touch_months_of_new after insert on play
    referencing new table as changed for each statement execute function touch_months();
create trigger touch_months_of_changed after update on play
    referencing new table as changed for each statement execute function touch_months();
create trigger touch_months_of_deleted after delete on play
    referencing old table as changed for each statement execute function touch_months();

-- A track's kind and length count in the months in which it was played.
create function touch_months_of_tracks() returns trigger language plpgsql as $$
begin
    insert into stale_month
    select distinct play.listener_id, date_trunc('month', play.played_at at time zone listener.time_zone)::date
      from changed
      join known    using (track_id)
      join play     using (track_id)
      join listener using (listener_id)
     where changed.kind is distinct from known.kind
        or (changed.duration_ms is distinct from known.duration_ms and play.ms_played is null)
     order by 1, 2
        on conflict do nothing;
    return null;
end $$;

create trigger touch_months after update on track
    referencing old table as known new table as changed for each statement execute function touch_months_of_tracks();

create function touch_months_of_listener() returns trigger language plpgsql as $$
begin
    insert into stale_month
    select distinct listener_id, month
      from play,
           lateral (values (date_trunc('month', played_at at time zone old.time_zone)::date),
                           (date_trunc('month', played_at at time zone new.time_zone)::date)) as touched (month)
     where listener_id = new.listener_id
     order by 1, 2
        on conflict do nothing;
    return null;
end $$;

create trigger touch_months after update on listener
    for each row when (old.time_zone <> new.time_zone) execute function touch_months_of_listener();

-- How often and how long each track was heard from one day to another, both included:
-- whole years and months from their sums, the days around them from the plays.
create function heard_tracks(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean)
    returns table (track_id integer, plays bigint, ms bigint, popularity_sum bigint, popularity_count bigint)
    language sql stable
as $$
    with wanted as (
        -- Where nothing was heard before or after the range, the year around it is as whole as the range.
        select listener_id, time_zone,
               case when exists (select from heard_hour where heard_hour.listener_id = listener.listener_id and spoken = wanted_spoken and day < first_day)
                    then first_day else date_trunc('year', first_day)::date end as starts,
               case when exists (select from heard_hour where heard_hour.listener_id = listener.listener_id and spoken = wanted_spoken and day > last_day)
                    then last_day + 1 else (date_trunc('year', last_day) + interval '1 year')::date end as ends
          from listener
         where wanted_listener is null or listener_id = wanted_listener
    ),
    whole_months as (
        select *, date_trunc('month', starts + interval '1 month' - interval '1 day')::date as first_month,
                  date_trunc('month', ends)::date                                           as end_month,
                  date_trunc('year', starts + interval '1 year' - interval '1 day')::date   as first_year,
                  date_trunc('year', ends)::date                                            as end_year
          from wanted
    ),
    bounds as (
        select listener_id, time_zone, starts, ends,
               case when first_month < end_month then first_month else ends end              as first_month,
               case when first_month < end_month then end_month   else ends end              as end_month,
               case when first_year  < end_year  then first_year
                    when first_month < end_month then end_month   else ends end              as first_year,
               case when first_year  < end_year  then end_year
                    when first_month < end_month then end_month   else ends end              as end_year
          from whole_months
    ),
    part as (
        select sums.track_id, sums.plays, sums.ms, sums.popularity_sum, sums.popularity_count
          from bounds
          join heard_year as sums on sums.listener_id = bounds.listener_id and year >= first_year and year < end_year
         where spoken = wanted_spoken
        union all
        select sums.track_id, sums.plays, sums.ms, sums.popularity_sum, sums.popularity_count
          from bounds
         cross join lateral (values (first_month, first_year), (end_year, end_month)) as months (starts, ends)
          join heard_month as sums on sums.listener_id = bounds.listener_id and sums.month >= months.starts and sums.month < months.ends
         where spoken = wanted_spoken
        union all
        select heard.track_id, 1, heard.ms, coalesce(heard.popularity, 0), (heard.popularity is not null)::integer
          from bounds
         cross join lateral (values (bounds.starts, first_month), (end_month, bounds.ends)) as days (starts, ends)
          join heard on heard.listener_id = bounds.listener_id
                    and heard.played_at >= days.starts::timestamp at time zone time_zone
                    and heard.played_at <  days.ends::timestamp   at time zone time_zone
         where spoken = wanted_spoken
    )
    select part.track_id, sum(plays)::bigint, sum(ms)::bigint, sum(popularity_sum)::bigint, sum(popularity_count)::bigint
      from part
     group by part.track_id
$$;

-- The six figures of a range; hours, and the popularity of the average play.
create function count_heard(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean, artist text)
    returns table (plays bigint, hours numeric, artists bigint, albums bigint, tracks bigint, popularity numeric)
    language sql stable
as $$
    with heard as materialized (
        select sums.plays, sums.ms, sums.popularity_sum, sums.popularity_count, shown_artist_key, album_key, song_key
          from heard_tracks(wanted_listener, first_day, last_day, wanted_spoken) as sums
          join track using (track_id)
         where artist is null or shown_artist_key = md5(fold(artist))::uuid
    )
    select coalesce(sum(plays), 0)::bigint,
           round(coalesce(sum(ms), 0) / 3600000.0, 3),
           (select count(*) from (select from heard where shown_artist_key is not null group by shown_artist_key) as artist),
           (select count(*) from (select from heard where album_key is not null group by album_key) as album),
           (select count(*) from (select from heard group by song_key) as song),
           round(sum(popularity_sum)::numeric / nullif(sum(popularity_count), 0), 1)
      from heard
$$;

-- The same by day and hour; of one artist only, where one is given.
create function heard_hours(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean, artist text)
    returns table (listener_id integer, day date, hour smallint, plays bigint, ms bigint)
    language sql stable
as $$
    select heard_hour.listener_id, day, hour, plays, ms
      from heard_hour
     where artist is null
       and (wanted_listener is null or heard_hour.listener_id = wanted_listener)
       and spoken = wanted_spoken
       and day between first_day and last_day
    union all
    select heard.listener_id, day, extract(hour from local_time)::smallint, count(*), sum(ms)
      from heard
      join track using (track_id)
     where artist is not null
       and shown_artist_key = md5(fold(artist))::uuid
       and (wanted_listener is null or heard.listener_id = wanted_listener)
       and spoken = wanted_spoken
       and day between first_day and last_day
     group by heard.listener_id, day, extract(hour from local_time)
$$;

insert into stale_month
select distinct listener_id, date_trunc('month', played_at at time zone time_zone)::date
  from play
  join listener using (listener_id);
