with range as (
    select listener_id, time_zone, cast(:#first_day as date) as first_day, cast(:#last_day as date) as last_day,
           cast(:#first_day as date)::timestamp       at time zone time_zone as starts,
           (cast(:#last_day as date) + 1)::timestamp at time zone time_zone as ends,
           date_trunc('month', cast(:#first_day as date) + interval '1 month' - interval '1 day')::date as first_month,
           date_trunc('month', cast(:#last_day as date) + 1)::date                                      as end_month
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
heard_track as materialized (
    select shown_artist_key, track_id, plays, ms
      from heard_tracks(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean))
      join track using (track_id)
),
edge_play as (
    select played.*
      from range
     cross join lateral (select play_id, track_id, played_at
                           from heard
                          where heard.listener_id = range.listener_id
                            and spoken = cast(:#spoken as boolean)
                            and played_at >= starts and played_at < ends
                          order by played_at, play_id
                          limit 1) as played
),
last_play as (
    select played.*
      from range
     cross join lateral (select play_id, track_id, played_at
                           from heard
                          where heard.listener_id = range.listener_id
                            and spoken = cast(:#spoken as boolean)
                            and played_at >= starts and played_at < ends
                          order by played_at desc, play_id desc
                          limit 1) as played
),
repeated as (
    select track_id, most_a_day::bigint as plays, day_of_most as day
      from range
      join heard_month using (listener_id)
     where spoken = cast(:#spoken as boolean)
       and month >= first_month and month < end_month
    union all
    select track_id, count(*), day
      from range
     cross join lateral (values (first_day, case when first_month < end_month then first_month else last_day + 1 end),
                                (case when first_month < end_month then end_month else last_day + 1 end, last_day + 1)) as edge (starts_on, ends_on)
      join heard on heard.listener_id = range.listener_id
                and played_at >= edge.starts_on::timestamp at time zone time_zone
                and played_at <  edge.ends_on::timestamp   at time zone time_zone
     where spoken = cast(:#spoken as boolean)
     group by range.listener_id, track_id, day
),
most_repeated as (
    select track_id, plays, day
      from repeated
     order by plays desc, day desc, track_id
     limit 1
),
discovered as (
    select shown_artist_key, min(first_played_at) as first_played_at
      from heard_year
      join range using (listener_id)
      join track using (track_id)
     where heard_year.spoken = cast(:#spoken as boolean)
       and shown_artist_key is not null
     group by shown_artist_key
    having min(first_played_at) >= min(starts)
),
discovery as (
    select shown_artist_key, first_played_at, sum(plays) as plays, min(track_id) as track_id
      from heard_track
      join discovered using (shown_artist_key)
     group by shown_artist_key, first_played_at
     order by sum(plays) desc, sum(ms) desc, shown_artist_key
     limit 1
),
place as (
    select sum(ended) as ended, sum(skipped) as skipped
      from heard_place
     where listener_id in (select listener_id from range)
       and spoken = cast(:#spoken as boolean)
       and day between cast(:#first_day as date) and cast(:#last_day as date)
),
fact (place, fact, number, track_id, at, day) as (
    select 1, 'minutes', round(sum(ms) / 60000.0, 1), null::integer, null::timestamptz, null::date from heard_track having count(*) > 0
    union all
    select 2, 'plays', sum(plays), null, null, null from heard_track having count(*) > 0
    union all
    (select 3, 'first_play', null, track_id, played_at, null from edge_play order by played_at, play_id limit 1)
    union all
    (select 4, 'last_play', null, track_id, played_at, null from last_play order by played_at desc, play_id desc limit 1)
    union all
    select 5, 'most_repeated', plays, track_id, null, day from most_repeated
    union all
    select 6, 'biggest_discovery', plays, track_id, first_played_at, null from discovery
    union all
    select 7, 'skips', skipped, null, null, null from place where ended > 0
    union all
    select 8, 'skip_percent', round(100.0 * skipped / ended, 1), null, null, null from place where ended > 0
)
select fact, number,
       case when fact = 'biggest_discovery' then shown_artist_name else name end as name,
       case when fact <> 'biggest_discovery' then shown_artist_name end          as artist_name,
       at, day
  from fact
  left join track using (track_id)
 order by place
