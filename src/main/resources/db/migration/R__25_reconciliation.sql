-- ${views}
-- Returns the distance in milliseconds between a moment and a span, 0 within the span, and null if an argument is null.
create or replace function ms_apart(moment timestamptz, span_start timestamptz, span interval) returns bigint
    language sql immutable parallel safe
    return case
        when moment < span_start then (extract(epoch from span_start - moment) * 1000)::bigint
        when moment > span_start + span then (extract(epoch from moment - span_start - span) * 1000)::bigint
        when moment is not null and span_start is not null then 0
    end;

-- Account data gives only the minute, so its time covers every moment in that minute.
create or replace function span(source source) returns interval
    language sql immutable parallel safe
    return case source when 'account_data' then interval '59.999 seconds' else interval '0' end;

-- The functions below are called for one play at a time. They are in PL/pgSQL, which caches their plans and declares
-- that they return few rows.

create or replace function same_tracks(of_listener integer, of_track integer) returns integer[]
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
create or replace function finer_plays(this play, tolerance interval) returns table (play_id bigint, distance bigint)
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
create or replace function coarser_plays(this play, tolerance interval) returns table (play_id bigint)
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
create or replace function relinked_plays(this play) returns table (play_id bigint)
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
