with wanted as (
    select listener_id,
           cast(:#first_day as date)::timestamp at time zone time_zone as starts,
           (cast(:#last_day as date) + 1)::timestamp at time zone time_zone as ends
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
day as materialized (
    select day, plays, ms, repeated_track, repeated_plays
      from heard_day
     where listener_id in (select listener_id from wanted)
       and spoken = cast(:#spoken as boolean)
       and day between cast(:#first_day as date) and cast(:#last_day as date)
),
first_play as (
    select played.*
      from wanted
     cross join lateral (select play_id, track_id, played_at
                           from heard
                          where heard.listener_id = wanted.listener_id
                            and spoken = cast(:#spoken as boolean)
                            and played_at >= starts and played_at < ends
                          order by played_at, play_id
                          limit 1) as played
     order by played_at, play_id
     limit 1
),
last_play as (
    select played.*
      from wanted
     cross join lateral (select play_id, track_id, played_at
                           from heard
                          where heard.listener_id = wanted.listener_id
                            and spoken = cast(:#spoken as boolean)
                            and played_at >= starts and played_at < ends
                          order by played_at desc, play_id desc
                          limit 1) as played
     order by played_at desc, play_id desc
     limit 1
),
most_repeated as (
    select repeated_track, repeated_plays, day
      from day
     order by repeated_plays desc, day desc, repeated_track
     limit 1
),
heard_before as (
    select shown_artist_key
      from heard_track
      join track using (track_id)
     where listener_id in (select listener_id from wanted)
       and spoken = cast(:#spoken as boolean)
       and first_day < cast(:#first_day as date)
),
discovery as (
    select shown_artist_key, sum(heard.plays) as plays, min(track_id) as track_id
      from read_tracks(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                        cast(:#spoken as boolean)) as heard
      join track using (track_id)
     where shown_artist_key not in (select shown_artist_key from heard_before where shown_artist_key is not null)
     group by shown_artist_key
     order by sum(heard.plays) desc, sum(heard.ms) desc, shown_artist_key
     limit 1
),
-- Only plays near the first day are read; no clock is more than a day from UTC. The range tells the planner that they
-- are few.
discovered as (
    select discovery.*, min(of_day.played_at) as first_played_at
      from discovery
     cross join lateral (select listener_id, min(first_day) as first_day
                           from heard_track
                          where listener_id in (select listener_id from wanted)
                            and spoken = cast(:#spoken as boolean)
                            and track_id in (select track_id
                                               from track
                                              where track.shown_artist_key = discovery.shown_artist_key)
                          group by listener_id) as known
     cross join lateral (select (first_day - interval '1 day') at time zone 'UTC' as near) as nearness
     cross join lateral (select day, spoken, artist_key, played_at
                           from heard
                          where heard.listener_id = known.listener_id
                            and heard.played_at >= near
                            and heard.played_at <  near + interval '3 days'
                            and heard.played_at <@ tstzrange(near, near + interval '3 days')
                         offset 0) as of_day
     where of_day.day = known.first_day
       and of_day.spoken = cast(:#spoken as boolean)
       and of_day.artist_key = discovery.shown_artist_key
     group by discovery.shown_artist_key, discovery.plays, discovery.track_id
),
ending as (
    select sum(ended) as ended, sum(skipped) as skipped
      from heard_place
     where listener_id in (select listener_id from wanted)
       and spoken = cast(:#spoken as boolean)
       and day between cast(:#first_day as date) and cast(:#last_day as date)
),
fact (place, fact, number, track_id, at, day) as (
    select 1, 'minutes', round(sum(ms) / 60000.0, 1), null::integer, null::timestamptz, null::date
      from day
    having count(*) > 0
    union all
    select 2, 'plays', sum(plays), null, null, null from day having count(*) > 0
    union all
    select 3, 'first_play', null, track_id, played_at, null from first_play
    union all
    select 4, 'last_play', null, track_id, played_at, null from last_play
    union all
    select 5, 'most_repeated', repeated_plays, repeated_track, null, day from most_repeated
    union all
    select 6, 'biggest_discovery', plays, track_id, first_played_at, null from discovered
    union all
    select 7, 'skips', skipped, null, null, null from ending where ended > 0
    union all
    select 8, 'skip_percent', round(100.0 * skipped / ended, 1), null, null, null from ending where ended > 0
)
select fact, number,
       case when fact = 'biggest_discovery' then shown_artist_name else name end as name,
       case when fact <> 'biggest_discovery' then shown_artist_name end          as artist_name,
       at, day
  from fact
  left join track using (track_id)
 order by place
