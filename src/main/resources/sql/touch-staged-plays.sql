-- From which plays a search must start to find every group of candidates that the staged lines, or the names in them, have changed.
with staged_hour as (
    select distinct date_bin('1 hour', played_at, 'epoch') as start
      from staged_line
     where spelling is not null
),
-- What this transaction has inserted or completed is no older than it is: a line that says nothing new changes no group.
-- Each hour is looked up by the index: of a listener who is new the statistics know no play, and the planner would go through
-- all hours for each.
staged as materialized (
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
      from staged
     where changed
       and source <> 'recently_played'
    union all
    select started_at(played_at, ms_played)
      from staged
     where changed
       and source <> 'recently_played'
       and ms_played >= 30000
    union all
    select offline_at
      from staged
     where changed
       and offline_at is not null
       and ms_played >= 30000
),
hour as (
    select distinct date_bin('1 hour', at, 'epoch') as start
      from moment
     -- By an order, which the index has: else one whose plays are all exported may be told so by a look at everybody's.
     where (select played_at
              from play
             where listener_id = cast(:#${variable.listener_id} as integer)
               and source <> 'export'
             order by played_at
             limit 1) is not null
),
coarse as (
    select play.play_id
      from hour
     cross join lateral (select play_id
                           from play
                          where listener_id = cast(:#${variable.listener_id} as integer)
                            and source     <> 'export'
                            and played_at  >= hour.start - interval '1 minute' - make_interval(secs => cast(:#${properties:RECONCILE_TOLERANCE} as integer))
                            and played_at   < hour.start + interval '61 minutes' + make_interval(secs => cast(:#${properties:RECONCILE_TOLERANCE} as integer))
                         offset 0) as play
),
simultaneous as (
    select played_at, ms_played
      from staged
     where source = 'export'
     group by played_at, ms_played
    having min(track_id) <> max(track_id)
       and bool_or(changed)
),
relinked as (
    select staged.play_id
      from simultaneous
      join staged using (played_at, ms_played)
     where source = 'export'
),
-- A later line may have moved the moment by which a pair was found.
paired as (
    select coarse.play_id
      from (select play_id from staged where changed and source = 'export'
            union
            select play_id from relinked) as exported
      join play as coarse on coarse.same_as = exported.play_id
),
-- Each is looked up by its key and once: without statistics on a new listener the planner would go through all names for each.
added as materialized (
    select distinct track_alias.alias_key
      from staged_track
      join track_alias on track_alias.listener_id = cast(:#${variable.listener_id} as integer)
                      and track_alias.track_id    = staged_track.track_id
     where track_alias.added_in = pg_current_xact_id()
),
named as materialized (
    select alias.track_id, count(*) over (partition by added.alias_key) as tracks
      from added
     cross join lateral (select track_id
                           from track_alias
                          where listener_id = cast(:#${variable.listener_id} as integer)
                            and alias_key   = added.alias_key
                         offset 0) as alias
),
renamed as (
    select distinct track_id
      from named
     where tracks > 1
),
renamed_play as materialized (
    select play.*
      from renamed
     cross join lateral (select *
                           from play
                          where play.track_id    = renamed.track_id
                            and play.listener_id = cast(:#${variable.listener_id} as integer)
                         offset 0) as play
)
-- The search takes a play that stands here twice once.
insert into touched_play (play_id)
select play_id from staged where changed and source <> 'export'
union all
select play_id from coarse
union all
select play_id from relinked
union all
select play_id from paired
union all
select play_id from renamed_play where source <> 'export'
union all
select renamed_play.play_id from renamed_play cross join lateral relinked_plays(renamed_play)
