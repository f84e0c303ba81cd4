with inserted_play as (
    insert into play (listener_id, played_at, track_id, ms_played, source, nth,
                      started_at, reported_at, offline_timestamp, circumstance_id, popularity, context_uri, extra)
    select listener_id, played_at, track_id, ms_played, source, nth,
           started_at, reported_at, offline_timestamp, circumstance_id, popularity, context_uri, cast(extra as jsonb)
      from staged_play
     where play_id is null
    returning play_id
),
completed_play as (
    update play
       set started_at        = greatest(play.started_at, fuller.started_at),
           reported_at       = least(play.reported_at, fuller.reported_at),
           offline_timestamp = greatest(play.offline_timestamp, fuller.offline_timestamp),
           circumstance_id   = fuller.circumstance_id,
           popularity        = greatest(play.popularity, fuller.popularity),
           context_uri       = greatest(play.context_uri collate "C", fuller.context_uri),
           extra             = greatest(play.extra::text collate "C", fuller.extra)::jsonb
      from staged_play as fuller
     where play.play_id = fuller.play_id
       and (greatest(play.started_at, fuller.started_at),
            least(play.reported_at, fuller.reported_at),
            greatest(play.offline_timestamp, fuller.offline_timestamp),
            fuller.circumstance_id,
            greatest(play.popularity, fuller.popularity),
            greatest(play.context_uri collate "C", fuller.context_uri),
            greatest(play.extra::text collate "C", fuller.extra))
           is distinct from
           (play.started_at, play.reported_at, play.offline_timestamp, play.circumstance_id, play.popularity,
            play.context_uri, play.extra::text)
    returning play.play_id
)
insert into affected_play (play_id)
select play_id from inserted_play
union all
select play_id from completed_play
