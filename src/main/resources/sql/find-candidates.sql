-- Returns the connected groups of reports that may be of one listening, around the plays in affected_play. Their order
-- depends on their contents alone. Of two plays that ended in the same minute the second was shorter than a minute, so
-- the longer one comes first.
-- A lateral subquery with an offset makes the planner look up each row in an index. It would otherwise scan all plays,
-- because it has no statistics on a new listener and on what this transaction has stored. The unnest hides the number
-- of seeds, for which the planner would otherwise compile the statement.
with recursive setting as (
    select tolerance, tolerance + interval '1 minute' as margin, interval '30 seconds' as lateness,
           (select count(*) from (select from affected_play limit 5001) as affected) > 5000 as many
      from (values (make_interval(secs => ?))) as given (tolerance)
),
-- From few plays the search goes on from report to report. What was paired before is searched again, because its
-- moments may have changed.
few_seed as (
    select old.play_id
      from unnest(array(select play_id from affected_play where not (select many from setting))) as affected (play_id)
     cross join lateral (select play_id, same_as from play where play.play_id = affected.play_id offset 0) as play
     cross join lateral (select play.play_id
                         union all
                         select same_as where same_as is not null
                         union all
                         select coarser.play_id from play as coarser where coarser.same_as = play.play_id) as old
),
-- For many plays, all plays of their listeners are searched, but each pair from one side: from the coarser report, from
-- the one that came late, or from the later of two exports. The later one then ended soon after the end of any other.
many_seed as (
    select play_id
      from (select play.*,
                   played_at - lag(played_at) over (partition by listener_id order by played_at, source) as since_last
              from play
             where (select many from setting)
               and listener_id in (select listener_id from affected_play join play using (play_id))) as play
     where source <> 'export'
        or same_as is not null
        or reported_at is not null
        or since_last <= greatest(ms_played * interval '0.5 milliseconds', interval '1 second')
),
near (play_id, other_id, next_id) as (
    select play_id, play_id, play_id
      from unnest(array(select play_id from few_seed union all select play_id from many_seed)) as play_id
    union
    select this.play_id, other.play_id, case when not many then other.play_id end
      from (select distinct next_id from near where next_id is not null) as reached
     cross join setting
     cross join lateral (select report.*, source = 'export' as exported,
                                greatest(ms_played * interval '0.5 milliseconds', lateness) as around
                           from report
                          where report.play_id = reached.next_id
                         offset 0) as this
     cross join lateral (
           -- Two exports have one length. They are near by their ends, or the end of one by the report of the other.
           select export.play_id
             from (values (this.played_at, this.around), (reported_at, lateness)) as moment (at, around)
            cross join lateral (select play_id, ms_played
                                  from play
                                 where listener_id = this.listener_id
                                   and source      = 'export'
                                   and ms_played   = this.ms_played
                                   and played_at between moment.at - moment.around and moment.at + moment.around
                                offset 0) as export
            where exported
           union all
           select late.play_id
             from (select play_id, ms_played
                     from play
                    where listener_id = this.listener_id
                      and reported_at between this.played_at - lateness and this.played_at + lateness
                      and exported
                      and not many
                   offset 0) as late
            where late.ms_played = this.ms_played
           union all
           -- Other pairs are found by their track, of which one moment has few plays.
           select found.play_id
             from (select array(select other.track_id
                                  from track_alias as one
                                  join track_alias as other using (listener_id, alias_key)
                                 where listener_id  = this.listener_id
                                   and one.track_id = this.track_id) || this.track_id as track_ids
                    where not exported
                       or not many and exists (select
                                                 from play_count
                                                where listener_id = this.listener_id
                                                  and source <> 'export')
                   offset 0) as song
            cross join lateral (
                  select near_end.play_id
                    from (values (this.played_at), (this.computed_start),
                                 (this.started_at), (this.reported_at)) as moment (at)
                   cross join lateral (select play_id
                                         from play
                                        where track_id    = any (song.track_ids)
                                          and listener_id = this.listener_id
                                          and played_at between at - margin and at + margin
                                       offset 0) as near_end
                  union all
                  select near_start.play_id
                    from (select play_id, played_at - ms_played * interval '1 millisecond' as start
                            from play
                           where track_id    = any (song.track_ids)
                             and listener_id = this.listener_id
                             and played_at between this.played_at + margin
                                               and this.played_at + margin + interval '1 day'
                             and not exported
                          offset 0) as near_start
                   where near_start.start <= this.played_at + margin
                  union all
                  select reported.play_id
                    from (select play_id, track_id
                            from play
                           where listener_id = this.listener_id
                             and reported_at between this.played_at - margin and this.played_at + margin
                             and not exported
                          offset 0) as reported
                   where track_id = any (song.track_ids)
                  union all
                  select paused.play_id
                    from (select play_id, track_id
                            from play
                           where listener_id = this.listener_id
                             and source = 'export'
                             and played_at - started_at > ms_played * interval '1 millisecond' + interval '30 seconds'
                             and started_at between this.played_at - margin and this.played_at + margin
                             and not exported
                          offset 0) as paused
                   where track_id = any (song.track_ids)) as found
           ) as other
     where other.play_id <> this.play_id
),
pair as materialized (
    select found.play_id, found.other_id, distance
      from near
     cross join setting
     cross join lateral (values (near.play_id, near.other_id),
                                (near.other_id, near.play_id)) as found (play_id, other_id)
     cross join lateral (select * from report where report.play_id = found.play_id offset 0)  as one
     cross join lateral (select * from report where report.play_id = found.other_id offset 0) as other
     cross join lateral (select case
                                    when one.grain = 0 then
                                        least(ms_apart(one.played_at, other.played_at,      span(other.source)),
                                              ms_apart(one.played_at, other.computed_start, span(other.source)),
                                              ms_apart(one.played_at, other.started_at),
                                              ms_apart(one.played_at, other.reported_at))
                                    when one.grain = 1 then
                                        least(ms_apart(other.played_at,   one.played_at, span(one.source)),
                                              ms_apart(other.reported_at, one.played_at, span(one.source)))
                                    when one.grain < other.grain and one.played_at <> other.played_at then
                                        ms_apart(one.played_at, other.reported_at)
                                    else ms_apart(one.played_at, other.played_at)
                                end                                                as distance,
                                ms_apart(one.believed_start, other.believed_start) as between_starts
                         offset 0) as measured
     where one.grain <= other.grain
       and one.play_id <> other.play_id
       and case
               -- The API reports no play under 30 s, and no length.
               when one.grain = 0 then
                   other.grain > 0 and other.ms_played >= 30000 and distance <= extract(epoch from tolerance) * 1000
               when one.ms_played <> other.ms_played then false
               when one.grain = 1 then other.grain > 1 and distance = 0
               when one.grain < other.grain then distance <= extract(epoch from lateness) * 1000
               when distance = 0 then true
               when one.grain = 2 then false
               -- Music cannot overlap itself.
               when one.ms_played >= 30000 and distance < one.ms_played / 2.0
                    and coalesce(between_starts, 0) <= one.ms_played / 2.0 then true
               -- The start of a play online may be stuck, so it decides only where there is no time for another play.
               when one.reported_at is null and other.reported_at is null then false
               when between_starts <= 1000
                    and (one.ms_played >= 2000
                         or date_trunc('second', one.believed_start) = date_trunc('second', other.believed_start)) then
                   one.reported_at is not null and other.reported_at is not null
                   or distance <= one.ms_played / 2.0
                   or least(ms_apart(one.played_at, other.reported_at), ms_apart(other.played_at, one.reported_at))
                      <= extract(epoch from lateness) * 1000
               else false
           end
       and (one.track_id = other.track_id
            or (select true
                  from track_alias as ones
                  join track_alias as others using (listener_id, alias_key)
                 where listener_id     = one.listener_id
                   and ones.track_id   = one.track_id
                   and others.track_id = other.track_id
                 limit 1))
)
select play.play_id, play.grain, play.same_as, found.play_ids, found.distances
  from (select play_id, array_agg(other_id) filter (where other_id is not null) as play_ids,
               array_agg(distance)  filter (where other_id is not null)         as distances,
               bool_or(paired)                                                  as paired
          from (select play_id, other_id, distance, true as paired from pair
                union all
                select other_id, null, null, true from pair
                union all
                select play_id, null, null, false from near
                union all
                select other_id, null, null, false from near) as found
         group by play_id) as found
 cross join lateral (select * from report where report.play_id = found.play_id offset 0) as play
 cross join lateral (select track_key from track where track.track_id = play.track_id offset 0) as track
 where found.paired
    or play.same_as is not null
 order by play.played_at, play.started_at, play.ms_played desc, track.track_key, play.nth
