-- Under which folded names, with either artist, a listener's own documents know a track. Rows are only ever added, and per
-- listener: two plays that could be the same listening always can, whatever arrives later and for whom.
create table track_alias (
    listener_id integer not null references listener,
    track_id    integer not null references track,
    alias_key   uuid    not null,
    added_in    xid8    not null default pg_current_xact_id(),
    primary key (listener_id, track_id, alias_key)
);

create index track_alias_key on track_alias (listener_id, alias_key);

-- By way of UTC, because only there the arithmetic is immutable.
create function started_at(played_at timestamptz, ms_played integer) returns timestamptz
    language sql immutable parallel safe
    return (played_at at time zone 'UTC' - ms_played * interval '1 millisecond') at time zone 'UTC';

create index play_coarse on play (listener_id, played_at) where source <> 'export';
-- Of nearly every play the moment when it started, or when its device was offline, lies in the half hour before its end and
-- so is found by that. Only the others need an index of their own.
create index play_started on play (listener_id, started_at(played_at, ms_played)) where source <> 'recently_played' and ms_played >= 1800000;
create index play_offline on play (listener_id, offline_at)
    where source = 'export' and ms_played >= 30000 and (played_at - offline_at < interval '0' or played_at - offline_at > interval '30 minutes');
-- With all that panels on an artist ask of a play, so that they read the index alone: the plays themselves lie scattered.
create index play_track on play (track_id, listener_id, played_at) include (ms_played, same_as, popularity, play_id);

-- How many milliseconds a moment lies outside a span; null where one of them is.
create function ms_apart(moment timestamptz, span_start timestamptz, span interval) returns bigint
    language sql immutable parallel safe
    return case
        when moment < span_start then (extract(epoch from span_start - moment) * 1000)::bigint
        when moment > span_start + span then (extract(epoch from moment - span_start - span) * 1000)::bigint
        when moment is not null and span_start is not null then 0
    end;

-- The minute of account data covers every moment in it.
create function span(source source) returns interval
    language sql immutable parallel safe
    return case source when 'account_data' then interval '59.999 seconds' else interval '0' end;

-- The functions below are asked for one play at a time: in PL/pgSQL, which plans them once and knows that they yield few rows.

create function same_tracks(of_listener integer, of_track integer) returns integer[]
    language plpgsql stable set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
begin
    return array(select other.track_id
                   from track_alias as one
                   join track_alias as other using (listener_id, alias_key)
                  where listener_id = of_listener
                    and one.track_id = of_track) || of_track;
end $$;

-- The plays of finer sources that may be the same listening as a given one, with how far apart they are in milliseconds.
-- Account data meets the export by what both know; the API's moment may be an end, a start or when a device was offline.
-- Offset 0 makes the planner look by time first: a moment has few plays, a track may have thousands.
create function finer_plays(this play, tolerance interval) returns table (play_id bigint, distance bigint)
    language plpgsql stable rows 2 set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
declare
    tracks   integer[];
    earliest timestamptz := this.played_at - tolerance;
    latest   timestamptz := this.played_at + tolerance;
begin
    if this.source = 'account_data' then
        tracks := same_tracks(this.listener_id, this.track_id);
        return query
            select near.play_id, 0::bigint
              from (select play.play_id, play.track_id
                      from play
                     where play.listener_id = this.listener_id
                       and play.source      = 'export'
                       and play.ms_played   = this.ms_played
                       and play.played_at  >= this.played_at
                       and play.played_at   < this.played_at + interval '1 minute'
                    offset 0) as near
             where near.track_id = any (tracks);
    elsif this.source = 'recently_played' then
        tracks := same_tracks(this.listener_id, this.track_id);
        return query
            select near.play_id, moment.distance
              from (select play.play_id, play.track_id, play.played_at, play.ms_played, play.source, play.offline_at
                      from play
                     where play.listener_id = this.listener_id
                       and play.source     <> 'recently_played'
                       and play.ms_played  >= 30000
                       and play.played_at between earliest - interval '1 minute' and latest + interval '30 minutes'
                    union all
                    select play.play_id, play.track_id, play.played_at, play.ms_played, play.source, play.offline_at
                      from play
                     where play.listener_id = this.listener_id
                       and play.source     <> 'recently_played'
                       and play.ms_played  >= 1800000
                       and started_at(play.played_at, play.ms_played) between earliest - interval '1 minute' and latest
                    union all
                    select play.play_id, play.track_id, play.played_at, play.ms_played, play.source, play.offline_at
                      from play
                     where play.listener_id = this.listener_id
                       and play.source      = 'export'
                       and play.ms_played  >= 30000
                       and (play.played_at - play.offline_at < interval '0' or play.played_at - play.offline_at > interval '30 minutes')
                       and play.offline_at between earliest and latest
                    offset 0) as near
             cross join lateral (values (ms_apart(this.played_at, near.played_at, span(near.source))),
                                        (ms_apart(this.played_at, started_at(near.played_at, near.ms_played), span(near.source))),
                                        (ms_apart(this.played_at, near.offline_at, interval '0'))) as moment (distance)
             where near.track_id = any (tracks)
               and moment.distance <= extract(epoch from tolerance) * 1000;
    end if;
end $$;

-- The other way round, and only roughly: plays of coarser sources near one of the moments of a given one.
create function coarser_plays(this play, tolerance interval) returns table (play_id bigint)
    language plpgsql stable rows 2 set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
declare
    moments timestamptz[] := array[this.played_at, started_at(this.played_at, this.ms_played), this.offline_at];
    margin  interval      := tolerance + interval '1 minute';
begin
    if this.source <> 'recently_played' then
        return query
            select near.play_id
              from unnest(moments) as moment (at)
             cross join lateral (select play.play_id, play.track_id
                                   from play
                                  where play.listener_id = this.listener_id
                                    and play.source     <> 'export'
                                    and play.source      < this.source
                                    and play.played_at between moment.at - margin and moment.at + margin
                                 offset 0) as near
             where near.track_id = any (same_tracks(this.listener_id, this.track_id));
    end if;
end $$;

-- Lines of exports that differ from a given one only in the URI of the same track.
create function relinked_plays(this play) returns table (play_id bigint)
    language plpgsql stable rows 2 set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
begin
    if this.source = 'export' then
        return query
            select near.play_id
              from (select play.play_id, play.track_id
                      from play
                     where play.listener_id = this.listener_id
                       and play.played_at   = this.played_at
                       and play.ms_played   = this.ms_played
                       and play.source      = 'export'
                       and play.track_id   <> this.track_id
                    offset 0) as near
             where near.track_id = any (same_tracks(this.listener_id, this.track_id));
    end if;
end $$;

-- What a coarser report adds is looked up only by the queries that ask for it.
create view listening as
select play.play_id,
       play.listener_id,
       play.played_at,
       play.track_id,
       play.ms_played,
       play.source,
       coalesce(play.popularity, (select max(coarser.popularity) from play as coarser where coarser.same_as = play.play_id)) as popularity,
       coalesce(play.context_uri, (select max(coarser.context_uri collate "C") from play as coarser where coarser.same_as = play.play_id)) as context_uri,
       play.platform,
       play.country,
       play.reason_start,
       play.reason_end,
       play.shuffle,
       play.skipped,
       play.offline,
       play.offline_at,
       play.incognito,
       play.nth,
       play.extra,
       coalesce((select duration_ms from track where track.track_id = play.track_id),
                (select max(duration_ms) from play as coarser join track using (track_id) where coarser.same_as = play.play_id)) as duration_ms,
       coalesce((select isrc from track where track.track_id = play.track_id),
                (select max(isrc collate "C") from play as coarser join track using (track_id) where coarser.same_as = play.play_id)) as isrc
  from play
 where play.same_as is null;

comment on view listening is 'every listening once, as the finest source has it, with what a coarser report of the same one adds';

create view listening_history as
select listening.play_id                                       as id,
       track.uri                                               as track_uri,
       track.name                                              as track_name,
       coalesce(track.artist_name, track.album_artist_name)    as artist_name,
       track.album_name,
       listening.played_at at time zone 'UTC'                  as played_at,
       coalesce(listening.ms_played, track.duration_ms)        as ms_played,
       listening.popularity
  from listening
  join track using (track_id)
 where track.kind in ('track', 'local')
   and listening.ms_played is distinct from 0;

comment on view listening_history is 'music that was heard; played_at is UTC; for API plays ms_played is the length of the track';

-- Spans that polls and music documents tell of. A page of a poll tells of everything from its oldest item, and where it was
-- not full of everything since the poll before.
create view covered as
with told as (
    select listener_id,
           tstzrange(least(oldest_played_at, started_at,
                           case when items < 50 then lag(started_at) over (partition by listener_id order by started_at, poll_id) end),
                     started_at, '[]') as span
      from poll
     where outcome = 'done'
    union all
    select listener_id, tstzrange(min(first_played_at), max(last_played_at), '[]')
      from import
     where state = 'done'
       and first_played_at is not null
     group by listener_id, coalesce(bundle::text, import_id::text)
    having bool_and(format is distinct from 'tracklog')
)
select listener_id, unnest(range_agg(span)) as span
  from told
 group by listener_id;

comment on view covered is 'spans of time that polls and music documents tell of, as far as Spotify had reported';

create function coverage(of_listener integer, since timestamptz, until timestamptz)
    returns table (covered_share double precision, open_gaps bigint, complete_until timestamptz)
    language sql stable parallel safe
begin atomic
    with told as (
        select covered.span * tstzrange(since, until, '[]') as span
          from covered
         where covered.listener_id = of_listener
           and covered.span && tstzrange(since, until, '[]')
    ),
    open as (
        select greatest(gap.since, coverage.since) as since
          from gap
         where gap.listener_id = of_listener
           and gap.since < coverage.until
           and gap.until > coverage.since
    )
    select coalesce((select extract(epoch from sum(upper(span) - lower(span))) from told) / nullif(extract(epoch from until - since), 0), 0)::double precision,
           (select count(*) from open),
           coalesce((select min(open.since) from open), (select max(upper(span)) from told));
end;

comment on function coverage is 'of a period: the share of its time that polls and documents tell of, the gaps in it, and the moment up to which it is complete as far as Spotify had reported (null: nothing is known)';
