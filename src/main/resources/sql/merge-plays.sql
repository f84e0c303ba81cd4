with numbered as (
    select line.*, track.track_id,
           coalesce(line.nth,
                    case line.source
                        when 'account_data' then row_number() over (partition by line.played_at, track.track_id, line.ms_played
                                                                        order by line.position) - 1
                        else 0
                    end) as number
      from staged_line as line
      join track using (track_key)
     where line.rejected_because is null
),
merged as materialized (
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
compared as materialized (
    select merged.*, play.play_id
      from merged
      left join play
        on play.listener_id = cast(:#${variable.listener_id} as integer)
       and play.played_at   = merged.played_at
       and play.track_id    = merged.track_id
       and play.source      = merged.source
       and play.nth         = merged.nth
       and play.ms_played is not distinct from merged.ms_played
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
       (select coalesce(sum(case when play_id is null then lines - 1 else lines end), 0) from compared) as duplicates
