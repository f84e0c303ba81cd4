-- Adds the plays of the tracks that this transaction has given an alias of another track.
-- Each alias is looked up by its key. The statistics know no aliases of a new listener, so the planner would otherwise
-- scan all aliases for each.
with added_alias as materialized (
    select distinct track_alias.listener_id, track_alias.alias_key
      from staged_track
      join track_alias using (track_id)
     where track_alias.added_in = pg_current_xact_id()
),
named_track as materialized (
    select added_alias.listener_id, alias.track_id,
           count(*) over (partition by added_alias.listener_id, added_alias.alias_key) as tracks
      from added_alias
     cross join lateral (select track_id
                           from track_alias
                          where track_alias.listener_id = added_alias.listener_id
                            and track_alias.alias_key   = added_alias.alias_key
                         offset 0) as alias
)
insert into affected_play (play_id)
select play.play_id
  from (select distinct listener_id, track_id from named_track where tracks > 1) as renamed
 cross join lateral (select play_id
                       from play
                      where play.track_id    = renamed.track_id
                        and play.listener_id = renamed.listener_id
                     offset 0) as play
