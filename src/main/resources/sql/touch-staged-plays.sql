-- Marks the plays from which find-candidates.sql must start to find every group of candidates that the staged lines
-- or the names in them have changed.
with staged_hour as (
    select distinct date_bin('1 hour', played_at, 'epoch') as start
      from staged_line
     where spelling is not null
),
-- A play is changed if this transaction has inserted or completed it, so its xmin is not older than the transaction.
-- A line without new information changes no group. The offset 0 makes the planner look up each hour in the index.
-- The statistics know no plays of a new listener, so the planner would otherwise scan all plays for each hour.
staged_play as materialized (
    select play.*, age(play.xmin) <= 0 as changed
      from staged_hour
     cross join lateral (select play_id, played_at, track_id, ms_played, source, offline_at, xmin
                           from play
                          where listener_id = cast(:#${variable.listener_id} as integer)
                            and played_at  >= staged_hour.start
                            and played_at   < staged_hour.start + interval '1 hour'
                         offset 0) as play
),
moment as (
    select played_at as at
      from staged_play
     where changed
       and source <> 'recently_played'
    union all
    select started_at(played_at, ms_played)
      from staged_play
     where changed
       and source <> 'recently_played'
       and ms_played >= 30000
    union all
    select offline_at
      from staged_play
     where changed
       and offline_at is not null
       and ms_played >= 30000
),
hour as (
    select distinct date_bin('1 hour', at, 'epoch') as start
      from moment
     -- The order by makes the planner use the index. Otherwise it may scan the plays of all listeners for one whose
     -- plays all come from exports.
     where (select played_at
              from play
             where listener_id = cast(:#${variable.listener_id} as integer)
               and source <> 'export'
             order by played_at
             limit 1) is not null
),
coarse_play as (
    select play.play_id
      from hour
     cross join lateral (select play_id
                           from play
                          where listener_id = cast(:#${variable.listener_id} as integer)
                            and source     <> 'export'
                            and played_at  >= hour.start - interval '1 minute'
                                - make_interval(secs => cast(:#${properties:RECONCILE_TOLERANCE} as integer))
                            and played_at   < hour.start + interval '61 minutes'
                                + make_interval(secs => cast(:#${properties:RECONCILE_TOLERANCE} as integer))
                         offset 0) as play
),
simultaneous_export as (
    select played_at, ms_played
      from staged_play
     where source = 'export'
     group by played_at, ms_played
    having min(track_id) <> max(track_id)
       and bool_or(changed)
),
relinked_play as (
    select staged_play.play_id
      from simultaneous_export
      join staged_play using (played_at, ms_played)
     where source = 'export'
),
-- A later line may have moved the moment that formed a pair, so the coarser play of each pair is searched again.
paired_play as (
    select coarse.play_id
      from (select play_id from staged_play where changed and source = 'export'
            union
            select play_id from relinked_play) as exported
      join play as coarse on coarse.same_as = exported.play_id
),
-- Each alias is looked up once and by its key. The statistics know no aliases of a new listener, so the planner would
-- otherwise scan all aliases for each.
added_alias as materialized (
    select distinct track_alias.alias_key
      from staged_track
      join track_alias on track_alias.listener_id = cast(:#${variable.listener_id} as integer)
                      and track_alias.track_id    = staged_track.track_id
     where track_alias.added_in = pg_current_xact_id()
),
named_track as materialized (
    select alias.track_id, count(*) over (partition by added_alias.alias_key) as tracks
      from added_alias
     cross join lateral (select track_id
                           from track_alias
                          where listener_id = cast(:#${variable.listener_id} as integer)
                            and alias_key   = added_alias.alias_key
                         offset 0) as alias
),
renamed_track as (
    select distinct track_id
      from named_track
     where tracks > 1
),
renamed_play as materialized (
    select play.*
      from renamed_track
     cross join lateral (select *
                           from play
                          where play.track_id    = renamed_track.track_id
                            and play.listener_id = cast(:#${variable.listener_id} as integer)
                         offset 0) as play
)
-- A play may be listed twice; the search removes duplicates.
insert into touched_play (play_id)
select play_id from staged_play where changed and source <> 'export'
union all
select play_id from coarse_play
union all
select play_id from relinked_play
union all
select play_id from paired_play
union all
select play_id from renamed_play where source <> 'export'
union all
select renamed_play.play_id from renamed_play cross join lateral relinked_plays(renamed_play)
