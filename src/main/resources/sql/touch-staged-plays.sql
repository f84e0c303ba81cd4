-- From which plays a search must start to find every group of candidates that the staged lines, or the names in them, have changed.
with moment as (
    select played_at as at
      from staged_line
     where rejected_because is null
    union all
    select started_at(played_at, ms_played)
      from staged_line
     where rejected_because is null
       and source <> 'recently_played'
       and ms_played >= 30000
    union all
    select offline_at
      from staged_line
     where rejected_because is null
       and offline_at is not null
       and ms_played >= 30000
),
hour as (
    select distinct date_bin('1 hour', at, 'epoch') as start
      from moment
     where (select exists (select from play where listener_id = cast(:#${variable.listener_id} as integer) and source <> 'export'))
),
coarse as (
    select play.play_id
      from hour
      join play on play.listener_id = cast(:#${variable.listener_id} as integer)
               and play.source     <> 'export'
               and play.played_at  >= hour.start - interval '1 minute' - make_interval(secs => cast(:#${properties:RECONCILE_TOLERANCE} as integer))
               and play.played_at   < hour.start + interval '61 minutes' + make_interval(secs => cast(:#${properties:RECONCILE_TOLERANCE} as integer))
),
exported_hour as (
    select distinct date_bin('1 hour', played_at, 'epoch') as start
      from staged_line
     where rejected_because is null
       and source = 'export'
),
simultaneous as (
    select play.played_at, play.ms_played
      from exported_hour
      join play on play.listener_id = cast(:#${variable.listener_id} as integer)
               and play.played_at  >= exported_hour.start
               and play.played_at   < exported_hour.start + interval '1 hour'
               and play.source      = 'export'
     group by play.played_at, play.ms_played
    having min(play.track_id) <> max(play.track_id)
),
relinked as (
    select play.play_id
      from simultaneous
     cross join lateral (select play_id
                           from play
                          where listener_id = cast(:#${variable.listener_id} as integer)
                            and played_at   = simultaneous.played_at
                            and ms_played   = simultaneous.ms_played
                            and source      = 'export'
                         offset 0) as play
),
-- A later line may have moved the moment by which a pair was found.
paired as (
    select coarse.play_id
      from play as coarse
      join play as finer on finer.play_id = coarse.same_as
      join exported_hour on exported_hour.start = date_bin('1 hour', finer.played_at, 'epoch')
     where coarse.same_as is not null
       and coarse.listener_id = cast(:#${variable.listener_id} as integer)
),
renamed as (
    select distinct one.track_id
      from track_alias as added
      join track_alias as one using (listener_id, alias_key)
     where added.added_in  = pg_current_xact_id()
       and listener_id     = cast(:#${variable.listener_id} as integer)
       and exists (select
                     from track_alias as other
                    where other.listener_id = added.listener_id
                      and other.alias_key   = added.alias_key
                      and other.track_id   <> one.track_id)
),
renamed_play as (
    select play.*
      from renamed
      join play using (track_id)
     where play.listener_id = cast(:#${variable.listener_id} as integer)
)
insert into touched_play (play_id)
select play_id from coarse
union
select play_id from relinked
union
select play_id from paired
union
select play_id from renamed_play where source <> 'export'
union
select renamed_play.play_id from renamed_play cross join lateral relinked_plays(renamed_play)
