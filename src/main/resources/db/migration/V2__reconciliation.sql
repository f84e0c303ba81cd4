-- An alias is a folded name with either artist under which the documents of a listener know a track. Aliases belong
-- to a listener and are never deleted. Two plays that can be the same listening therefore remain candidates,
-- whatever is imported later and for whichever listener.
create table track_alias (
    listener_id integer not null references listener,
    track_id    integer not null references track,
    alias_key   uuid    not null,
    added_in    xid8    not null default pg_current_xact_id(),
    primary key (listener_id, track_id, alias_key)
);

create index track_alias_key on track_alias (listener_id, alias_key);

-- The detour through UTC makes the function immutable, as an index requires.
create function started_at(played_at timestamptz, ms_played integer) returns timestamptz
    language sql immutable parallel safe
    return (played_at at time zone 'UTC' - ms_played * interval '1 millisecond') at time zone 'UTC';

create index play_coarse on play (listener_id, played_at) where source <> 'export';
-- Most plays started, or were offline, within half an hour before their end, so a search by the end finds them.
-- The next two indexes contain only the other plays.
create index play_started on play (listener_id, started_at(played_at, ms_played))
    where source <> 'recently_played'
      and ms_played >= 1800000;
create index play_offline on play (listener_id, offline_at)
    where source = 'export'
      and ms_played >= 30000
      and (played_at - offline_at < interval '0' or played_at - offline_at > interval '30 minutes');
-- The index includes all columns that the panels of an artist read, because the plays of an artist are scattered
-- over the table.
create index play_track on play (track_id, listener_id, played_at) include (ms_played, same_as, popularity, play_id);

-- Returns the distance in milliseconds between a moment and a span, 0 within the span, and null if an argument is null.
create function ms_apart(moment timestamptz, span_start timestamptz, span interval) returns bigint
    language sql immutable parallel safe
    return case
        when moment < span_start then (extract(epoch from span_start - moment) * 1000)::bigint
        when moment > span_start + span then (extract(epoch from moment - span_start - span) * 1000)::bigint
        when moment is not null and span_start is not null then 0
    end;

-- Account data gives only the minute, so its time covers every moment in that minute.
create function span(source source) returns interval
    language sql immutable parallel safe
    return case source when 'account_data' then interval '59.999 seconds' else interval '0' end;

-- The functions below are called for one play at a time. They are in PL/pgSQL, which caches their plans and declares
-- that they return few rows.

create function same_tracks(of_listener integer, of_track integer) returns integer[]
    language plpgsql stable set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
begin
    return array(select other.track_id
                   from track_alias as one
                   join track_alias as other using (listener_id, alias_key)
                  where listener_id = of_listener
                    and one.track_id = of_track) || of_track;
end $$;

-- Returns the plays of finer sources that may be the same listening as a given play, with their distance in
-- milliseconds. Account data and export are compared by the columns that both have. The time of a play from the API may
-- be its end, its start or the time at which the device was offline. The offset 0 makes the planner search by time
-- first, because a moment has few plays and a track may have thousands.
create function finer_plays(this play, tolerance interval) returns table (play_id bigint, distance bigint)
    language plpgsql stable rows 2
    set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
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
                       and (play.played_at - play.offline_at < interval '0'
                            or play.played_at - play.offline_at > interval '30 minutes')
                       and play.offline_at between earliest and latest
                    offset 0) as near
             cross join lateral (values (ms_apart(this.played_at,
                                                  near.played_at,
                                                  span(near.source))),
                                        (ms_apart(this.played_at,
                                                  started_at(near.played_at, near.ms_played),
                                                  span(near.source))),
                                        (ms_apart(this.played_at,
                                                  near.offline_at,
                                                  interval '0'))) as moment (distance)
             where near.track_id = any (tracks)
               and moment.distance <= extract(epoch from tolerance) * 1000;
    end if;
end $$;

-- Returns the plays of coarser sources near one of the moments of a given play. The result may include plays
-- that finer_plays does not match.
create function coarser_plays(this play, tolerance interval) returns table (play_id bigint)
    language plpgsql stable rows 2
    set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
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

-- Returns the plays from exports that differ from a given one only in the URI of the track.
create function relinked_plays(this play) returns table (play_id bigint)
    language plpgsql stable rows 2
    set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
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

-- Values from coarser plays are subqueries of single columns, so that a query runs only those whose columns it selects.
create view listening as
select play.play_id,
       play.listener_id,
       play.played_at,
       play.track_id,
       play.ms_played,
       play.source,
       coalesce(play.popularity,
                (select max(coarser.popularity)
                   from play as coarser
                  where coarser.same_as = play.play_id)) as popularity,
       coalesce(play.context_uri,
                (select max(coarser.context_uri collate "C")
                   from play as coarser
                  where coarser.same_as = play.play_id)) as context_uri,
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
       coalesce((select duration_ms
                   from track
                  where track.track_id = play.track_id),
                (select max(duration_ms)
                   from play as coarser
                   join track using (track_id)
                  where coarser.same_as = play.play_id)) as duration_ms,
       coalesce((select isrc
                   from track
                  where track.track_id = play.track_id),
                (select max(isrc collate "C")
                   from play as coarser
                   join track using (track_id)
                  where coarser.same_as = play.play_id)) as isrc
  from play
 where play.same_as is null;

comment on view listening is 'each listening once, from its finest source, with missing values from coarser sources';

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

comment on view listening_history is
    'music that was heard; played_at is UTC; ms_played of a play from the API is the length of the track';

-- Lists the spans that polls and music documents cover. The page of a poll covers the time since its oldest item.
-- A page that is not full covers the time since the previous poll.
create view covered as
with told as (
    select listener_id,
           tstzrange(least(oldest_played_at, started_at,
                           case when items < 50
                                then lag(started_at) over (partition by listener_id order by started_at, poll_id) end),
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

comment on view covered is 'spans of time that polls and music documents cover, as far as Spotify had reported';

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
    select coalesce((select extract(epoch from sum(upper(span) - lower(span))) from told)
                    / nullif(extract(epoch from until - since), 0), 0)::double precision,
           (select count(*) from open),
           coalesce((select min(open.since) from open), (select max(upper(span)) from told));
end;

comment on function coverage is
    'for a period: the share of its time that polls and documents cover, the number of gaps,'
    ' and the time up to which it is complete as far as Spotify had reported (null if nothing is known)';
