-- Returns the connected groups of candidates around the touched plays. Their order depends on their contents alone.
-- Of two plays that ended in the same minute the second was shorter than a minute, so the longer one comes first.
-- The planner has no estimate of the number of touched plays. The limit 1 and the unnest prevent it from choosing
-- parallel scans of all plays and compilation.
with recursive reached_play (play_id) as (
    select play_id
      from unnest(array(select play_id from touched_play)) as play_id
    union
    select next.play_id
      from reached_play
     cross join lateral (select * from play where play.play_id = reached_play.play_id limit 1) as this
     cross join lateral (select play_id from finer_plays(this, make_interval(secs => ?))
                         union all
                         select play_id from coarser_plays(this, make_interval(secs => ?))
                         union all
                         select play_id from relinked_plays(this)) as next
)
select this.play_id, this.source, this.same_as, candidate.play_ids, candidate.distances
  from reached_play
 cross join lateral (select * from play where play.play_id = reached_play.play_id limit 1) as this
 cross join lateral (select track_key from track where track.track_id = this.track_id limit 1) as track
 cross join lateral (select array_agg(play_id) as play_ids, array_agg(distance) as distances
                       from (select play_id, distance from finer_plays(this, make_interval(secs => ?))
                             union all
                             select play_id, 0 from relinked_plays(this)) as candidate) as candidate
 order by this.played_at, this.offline_at nulls first, this.ms_played desc, track.track_key, this.nth
