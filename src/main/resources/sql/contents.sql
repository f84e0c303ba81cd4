-- Summarizes the contents of the database independently of generated keys: the number of rows of each kind,
-- and the sum of their hashes, which does not depend on their order.
with play_content as (
    select row (listener.name, extract(epoch from play.played_at), track.track_key, play.ms_played,
                play.source, play.nth, extract(epoch from play.started_at), extract(epoch from play.reported_at),
                extract(epoch from play.offline_timestamp), circumstance_key, play.popularity, play.context_uri,
                play.extra,
                extract(epoch from finer.played_at), finer_track.track_key, finer.ms_played, finer.source,
                finer.nth)::text as content
      from play
      join listener using (listener_id)
      join track using (track_id)
      left join circumstance using (circumstance_id)
      left join play as finer on finer.play_id = play.same_as
      left join track as finer_track on finer_track.track_id = finer.track_id
),
track_content as (
    select row (track_key, uri, kind, name, artist_name, album_artist_name, album_name,
                duration_ms, isrc, explicit)::text as content
      from track
),
spelling_content as (
    select row (track_key, spelling_key, extract(epoch from seen_at))::text as content
      from track_spelling
      join track using (track_id)
),
details_content as (
    select row (track_key, details, extract(epoch from seen_at))::text as content
      from track_details
      join track using (track_id)
),
alias_content as (
    select row (listener.name, track_key, alias_key)::text as content
      from track_alias
      join listener using (listener_id)
      join track using (track_id)
),
listener_content as (
    select row (row_number() over (order by listener_id), name, time_zone, spotify_user_id)::text as content
      from listener
),
rejected_content as (
    select row (listener.name, reason, line)::text as content
      from rejected_line
      join listener using (listener_id)
),
total as (
    select 1 as place, 'plays' as what, count(*) as number, sum(hashtextextended(content, 0)) as digest
      from play_content
     union all
    select 2, 'tracks', count(*), sum(hashtextextended(content, 0))
      from track_content
     union all
    select 3, 'spellings', count(*), sum(hashtextextended(content, 0))
      from spelling_content
     union all
    select 4, 'details', count(*), sum(hashtextextended(content, 0))
      from details_content
     union all
    select 5, 'aliases', count(*), sum(hashtextextended(content, 0))
      from alias_content
     union all
    select 6, 'listeners', count(*), sum(hashtextextended(content, 0))
      from listener_content
     union all
    select 7, 'rejected lines', count(*), sum(hashtextextended(content, 0))
      from rejected_content
)
select string_agg(number || ' ' || what || ' (' || coalesce(digest, 0) || ')', ', ' order by place) as contents
  from total
