-- Account data repeats lines truly, which is why its equal lines are numbered_line.
with numbered_line as (
    select staged_line.*, track_id,
           coalesce(nth, 0) as number
      from staged_line
      join staged_track using (spelling)
     where source <> 'account_data'
     union all
    select staged_line.*, track_id,
           coalesce(nth, row_number() over (partition by played_at, track_id, ms_played order by position) - 1)
      from staged_line
      join staged_track using (spelling)
     where source = 'account_data'
),
merged_line as (
    select played_at, track_id, ms_played, source, number as nth,
           count(*)                        as lines,
           max(popularity)                 as popularity,
           bool_or(shuffle)                as shuffle,
           bool_or(skipped)                as skipped,
           bool_or(offline)                as offline,
           bool_or(incognito)              as incognito,
           max(offline_at)                 as offline_at,
           max(context_uri  collate "C")   as context_uri,
           max(platform     collate "C")   as platform,
           max(country      collate "C")   as country,
           max(reason_start collate "C")   as reason_start,
           max(reason_end   collate "C")   as reason_end,
           max(extra::text  collate "C")   as extra
      from numbered_line
     group by played_at, track_id, ms_played, source, number
),
-- The known plays are read by time, because they are stored in that order. To look up each by its key takes longer.
known_play as materialized (
    select play_id, played_at, track_id, ms_played, source, nth
      from play
     where listener_id = cast(:#${variable.listener_id} as integer)
       and played_at between (select min(played_at) from staged_line) and (select max(played_at) from staged_line)
),
compared_play as materialized (
    select merged_line.*, known.play_id
      from merged_line
      left join known_play as known
        on known.played_at = merged_line.played_at
       and known.track_id  = merged_line.track_id
       and known.source    = merged_line.source
       and known.nth       = merged_line.nth
       and known.ms_played is not distinct from merged_line.ms_played
),
inserted_play as (
    insert into play (listener_id, played_at, track_id, ms_played, source, nth,
                      popularity, shuffle, skipped, offline, incognito, offline_at,
                      context_uri, platform, country, reason_start, reason_end, extra)
    select cast(:#${variable.listener_id} as integer), played_at, track_id, ms_played, source, nth,
           popularity, shuffle, skipped, offline, incognito, offline_at,
           context_uri, platform, country, reason_start, reason_end, cast(extra as jsonb)
      from compared_play
     where play_id is null
     order by played_at, track_id
    returning played_at
),
completed_play as (
    update play
       set popularity   = greatest(play.popularity, fuller.popularity),
           shuffle      = greatest(play.shuffle, fuller.shuffle),
           skipped      = greatest(play.skipped, fuller.skipped),
           offline      = greatest(play.offline, fuller.offline),
           incognito    = greatest(play.incognito, fuller.incognito),
           offline_at   = greatest(play.offline_at, fuller.offline_at),
           context_uri  = greatest(play.context_uri  collate "C", fuller.context_uri),
           platform     = greatest(play.platform     collate "C", fuller.platform),
           country      = greatest(play.country      collate "C", fuller.country),
           reason_start = greatest(play.reason_start collate "C", fuller.reason_start),
           reason_end   = greatest(play.reason_end   collate "C", fuller.reason_end),
           extra        = greatest(play.extra::text  collate "C", fuller.extra)::jsonb
      from compared_play as fuller
     where play.play_id = fuller.play_id
       and (greatest(play.popularity, fuller.popularity),
            greatest(play.shuffle, fuller.shuffle),
            greatest(play.skipped, fuller.skipped),
            greatest(play.offline, fuller.offline),
            greatest(play.incognito, fuller.incognito),
            greatest(play.offline_at, fuller.offline_at),
            greatest(play.context_uri  collate "C", fuller.context_uri),
            greatest(play.platform     collate "C", fuller.platform),
            greatest(play.country      collate "C", fuller.country),
            greatest(play.reason_start collate "C", fuller.reason_start),
            greatest(play.reason_end   collate "C", fuller.reason_end),
            greatest(play.extra::text  collate "C", fuller.extra))
           is distinct from
           (play.popularity, play.shuffle, play.skipped, play.offline, play.incognito, play.offline_at,
            play.context_uri, play.platform, play.country, play.reason_start, play.reason_end, play.extra::text)
)
select (select count(*) from inserted_play) as inserted,
       (select coalesce(sum(case when play_id is null then lines - 1 else lines end), 0)
          from compared_play)               as duplicates,
       -- The planner expects no plays of a listener whom the statistics do not list, however many other plays are
       -- stored. The statistics must then be renewed earlier.
       (select cast(case when known_listener then greatest(1000, reltuples / 3) else 1000 end as bigint)
          from pg_class
         cross join lateral (select coalesce(bool_or(cast(:#${variable.listener_id} as integer)
                                                     = any (cast(cast(most_common_vals as text) as integer[]))),
                                             false) as known_listener
                               from pg_stats
                              where schemaname = current_schema()
                                and tablename  = 'play'
                                and attname    = 'listener_id') as statistics
         where oid = cast('play' as regclass)) as analyze_threshold
