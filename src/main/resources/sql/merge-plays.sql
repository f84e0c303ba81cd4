-- Account data repeats lines truly, which is why its equal lines are numbered.
with numbered as (
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
merged as (
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
      from numbered
     group by played_at, track_id, ms_played, source, number
),
-- By time, in which they are together: looking up each by its key takes longer.
known as materialized (
    select play_id, played_at, track_id, ms_played, source, nth
      from play
     where listener_id = cast(:#${variable.listener_id} as integer)
       and played_at between (select min(played_at) from staged_line) and (select max(played_at) from staged_line)
),
compared as materialized (
    select merged.*, known.play_id
      from merged
      left join known
        on known.played_at = merged.played_at
       and known.track_id  = merged.track_id
       and known.source    = merged.source
       and known.nth       = merged.nth
       and known.ms_played is not distinct from merged.ms_played
),
inserted as (
    insert into play (listener_id, played_at, track_id, ms_played, source, nth, popularity, shuffle, skipped, offline, incognito,
                      offline_at, context_uri, platform, country, reason_start, reason_end, extra)
    select cast(:#${variable.listener_id} as integer), played_at, track_id, ms_played, source, nth, popularity,
           shuffle, skipped, offline, incognito, offline_at, context_uri, platform, country, reason_start, reason_end,
           cast(extra as jsonb)
      from compared
     where play_id is null
     order by played_at, track_id
    returning played_at
),
completed as (
    update play
       set popularity   = greatest(play.popularity, compared.popularity),
           shuffle      = greatest(play.shuffle, compared.shuffle),
           skipped      = greatest(play.skipped, compared.skipped),
           offline      = greatest(play.offline, compared.offline),
           incognito    = greatest(play.incognito, compared.incognito),
           offline_at   = greatest(play.offline_at, compared.offline_at),
           context_uri  = greatest(play.context_uri  collate "C", compared.context_uri),
           platform     = greatest(play.platform     collate "C", compared.platform),
           country      = greatest(play.country      collate "C", compared.country),
           reason_start = greatest(play.reason_start collate "C", compared.reason_start),
           reason_end   = greatest(play.reason_end   collate "C", compared.reason_end),
           extra        = greatest(play.extra::text  collate "C", compared.extra)::jsonb
      from compared
     where play.play_id = compared.play_id
       and (greatest(play.popularity, compared.popularity), greatest(play.shuffle, compared.shuffle),
            greatest(play.skipped, compared.skipped), greatest(play.offline, compared.offline),
            greatest(play.incognito, compared.incognito), greatest(play.offline_at, compared.offline_at),
            greatest(play.context_uri collate "C", compared.context_uri), greatest(play.platform collate "C", compared.platform),
            greatest(play.country collate "C", compared.country), greatest(play.reason_start collate "C", compared.reason_start),
            greatest(play.reason_end collate "C", compared.reason_end), greatest(play.extra::text collate "C", compared.extra))
           is distinct from
           (play.popularity, play.shuffle, play.skipped, play.offline, play.incognito, play.offline_at, play.context_uri,
            play.platform, play.country, play.reason_start, play.reason_end, play.extra::text)
)
select (select count(*) from inserted)                                                                as inserted,
       (select coalesce(sum(case when play_id is null then lines - 1 else lines end), 0) from compared) as duplicates,
       -- Of a listener whom the statistics do not know, the planner expects no play, however many others have.
       (select cast(case when known_listener then greatest(1000, reltuples / 3) else 1000 end as bigint)
          from pg_class
         cross join lateral (select coalesce(bool_or(cast(:#${variable.listener_id} as integer) = any (cast(cast(most_common_vals as text) as integer[]))), false) as known_listener
                               from pg_stats
                              where schemaname = current_schema()
                                and tablename  = 'play'
                                and attname    = 'listener_id') as statistics
         where oid = cast('play' as regclass))                                                           as analyze_threshold
