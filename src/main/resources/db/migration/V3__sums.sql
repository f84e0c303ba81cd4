-- These tables hold sums of plays, so that a panel over all years reads thousands of rows instead of millions.
-- docs/dashboards.md defines what counts as a play. Triggers only note the days that have changed, for any writer;
-- sum_stale_days computes their sums. The tables have no foreign keys, because play already has them.

create index track_shown_artist_key on track (shown_artist_key);

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
    listener_id integer not null,
    spoken      boolean not null,
    track_id    integer not null,
    plays       integer not null,
    ms          bigint  not null,
    first_day   date,
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

-- A panel counts the names of a month when it first needs them. The row is deleted when the month changes.
create table heard_month (
    listener_id integer,
    spoken      boolean not null,
    month       date    not null,
    artists     bigint  not null,
    albums      bigint  not null,
    tracks      bigint  not null,
    unique nulls not distinct (listener_id, spoken, month)
);

comment on column heard_month.listener_id is 'null for all listeners together, who have a name once';

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

-- The table has no key, so that writers that note the same day do not wait for each other. A day may be listed twice.
create table stale_day (
    listener_id integer not null,
    day         date    not null
);

create index stale_day_listener on stale_day (listener_id);

-- The version increases with every change that may affect a panel. It is the ETag of all panels.
create table data_version (
    version bigint not null
);

insert into data_version values (1);

create function note_days() returns trigger language plpgsql as $$
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

create trigger note_days_of_new after insert on play
    referencing new table as changed for each statement execute function note_days();
create trigger note_days_of_changed after update on play
    referencing new table as changed for each statement execute function note_days();
create trigger note_days_of_deleted after delete on play
    referencing old table as changed for each statement execute function note_days();
create trigger count_new_plays after insert on play
    referencing new table as changed for each statement execute function count_new_plays();
create trigger follow_pairs after update on play
    referencing old table as known new table as changed for each statement execute function follow_pairs();
create trigger count_remaining_plays after delete on play
    referencing old table as changed for each statement execute function count_remaining_plays();

-- The kind and the length of a track affect every day on which it was played. Its names affect only the names of
-- months, so the first day of each month is noted for them.
create function note_days_of_tracks() returns trigger language plpgsql as $$
begin
    insert into stale_day
    select distinct listener_id,
           case when (changed.kind, changed.duration_ms) is distinct from (known.kind, known.duration_ms)
                then local_time::date
                else date_trunc('month', local_time)::date
            end
      from changed
      join known    using (track_id)
      join play     using (track_id)
      join listener using (listener_id)
     cross join lateral (select played_at at time zone time_zone as local_time) as clock
     where (changed.kind, changed.duration_ms, changed.name, changed.shown_artist_name, changed.album_artist_name,
            changed.album_name)
           is distinct from
           (known.kind, known.duration_ms, known.name, known.shown_artist_name, known.album_artist_name,
            known.album_name);
    return null;
end $$;

create trigger note_days_of_tracks after update on track
    referencing old table as known new table as changed for each statement execute function note_days_of_tracks();

-- The lock waits for concurrent writers of plays. Otherwise their days would be those of the previous time zone.
create function note_days_of_listener() returns trigger language plpgsql as $$
begin
    perform hold_listener(new.listener_id);
    insert into stale_day
    select distinct listener_id, day
      from play,
           lateral (values ((played_at at time zone old.time_zone)::date),
                           ((played_at at time zone new.time_zone)::date)) as noted (day)
     where listener_id = new.listener_id;
    return null;
end $$;

create trigger note_days_of_listener after update on listener
    for each row when (old.time_zone <> new.time_zone) execute function note_days_of_listener();

create function forget_sums() returns trigger language plpgsql as $$
begin
    truncate heard_day, heard_place, heard_track, heard_session, heard_month, play_count, stale_day;
    update data_version set version = version + 1;
    return null;
end $$;

create trigger forget_sums after truncate on play for each statement execute function forget_sums();
