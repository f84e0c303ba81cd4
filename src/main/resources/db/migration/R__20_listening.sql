-- ${views}
-- Values from coarser plays are subqueries of single columns, so that a query runs only those whose columns it selects.
create or replace view listening as
select play.play_id,
       play.listener_id,
       play.played_at,
       play.track_id,
       play.ms_played,
       play.source,
       coalesce(play.popularity,
                (select max(coarser.popularity)
                   from play as coarser
                  where coarser.same_as = play.play_id)) as popularity,
       coalesce(play.context_uri,
                (select max(coarser.context_uri collate "C")
                   from play as coarser
                  where coarser.same_as = play.play_id)) as context_uri,
       circumstance.platform,
       circumstance.country,
       circumstance.reason_start,
       circumstance.reason_end,
       circumstance.shuffle,
       circumstance.skipped,
       circumstance.offline,
       circumstance.incognito,
       play.started_at,
       play.reported_at,
       play.nth,
       play.extra,
       coalesce((select duration_ms
                   from track
                  where track.track_id = play.track_id),
                (select max(duration_ms)
                   from play as coarser
                   join track using (track_id)
                  where coarser.same_as = play.play_id)) as duration_ms,
       coalesce((select isrc
                   from track
                  where track.track_id = play.track_id),
                (select max(isrc collate "C")
                   from play as coarser
                   join track using (track_id)
                  where coarser.same_as = play.play_id)) as isrc
  from play
  left join circumstance using (circumstance_id)
 where play.same_as is null;

comment on view listening is 'each listening once, from its finest source, with missing values from coarser sources';

create or replace view listening_history as
select listening.play_id                                       as id,
       track.uri                                               as track_uri,
       track.name                                              as track_name,
       coalesce(track.artist_name, track.album_artist_name)    as artist_name,
       track.album_name,
       listening.played_at at time zone 'UTC'                  as played_at,
       coalesce(listening.ms_played, track.duration_ms)        as ms_played,
       listening.popularity
  from listening
  join track using (track_id)
 where track.kind in ('track', 'local')
   and listening.ms_played is distinct from 0;

comment on view listening_history is
    'music that was heard; played_at is UTC; ms_played of a play from the API is the length of the track';
