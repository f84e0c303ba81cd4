-- ${views}
-- These statements define what statistics count.

-- Returns the device family of a platform in the export. Spotify has spelled most platforms in many ways over the
-- years.
create or replace function device(platform text) returns text
    language sql immutable parallel safe
    return case
        when platform is null
        then null
        when platform ilike '%cast%'
        then 'Cast'
        when platform ilike '%playstation%' or platform ilike '%xbox%'
          or platform ilike '%ps4%' or platform ilike '%ps5%'
        then 'console'
        when platform ilike '%web_player%' or platform ilike '%webplayer%' or platform ilike '%web player%'
        then 'web player'
        when platform ilike '%tv%' or platform ilike '%tizen%' or platform ilike '%webos%' or platform ilike '%roku%'
        then 'TV'
        when platform ilike '%sonos%' or platform ilike '%speaker%' or platform ilike '%echo%'
          or platform ilike '%bose%' or platform ilike '%denon%' or platform ilike '%google home%'
          or platform ilike '%homepod%'
        then 'speaker'
        when platform ilike '%car thing%' or platform ilike '%automotive%' or platform ilike '%carplay%'
          or platform ilike '%tesla%'
        then 'car'
        when platform ilike '%ios%' or platform ilike '%iphone%' or platform ilike '%ipad%'
        then 'iOS'
        when platform ilike '%android%'
        then 'Android'
        when platform ilike '%windows%'
        then 'Windows'
        when platform ilike '%os x%' or platform ilike '%osx%' or platform ilike '%macos%'
        then 'macOS'
        when platform ilike '%linux%'
        then 'Linux'
        else 'other'
    end;

-- Lists the listenings that statistics count, with their time on the clock of the listener.
create or replace view heard as
select play.play_id,
       play.listener_id,
       play.track_id,
       track.shown_artist_key                                 as artist_key,
       play.played_at,
       play.played_at - coalesce(play.ms_played, track.duration_ms, 0) * interval '1 millisecond' as started_at,
       play.played_at at time zone listener.time_zone         as local_time,
       (play.played_at at time zone listener.time_zone)::date as day,
       track.kind in ('episode', 'chapter')                   as spoken,
       coalesce(play.ms_played, track.duration_ms, 0)         as ms,
       play.popularity                                        as own_popularity,
       coalesce(play.popularity,
                (select max(popularity)
                   from play as coarser
                  where coarser.same_as = play.play_id))      as popularity,
       circumstance.country,
       circumstance.platform,
       circumstance.reason_end is not null                    as ended,
       circumstance.reason_end in ('fwdbtn', 'backbtn', 'endplay')
           and play.ms_played < coalesce(track.duration_ms / 2, 30000) as skipped
  from play
  join track    using (track_id)
  left join circumstance using (circumstance_id)
  -- Every play has a listener. The outer join lets the planner omit listener from queries without local times.
  left join listener using (listener_id)
 where play.same_as is null
   and play.ms_played is distinct from 0;

comment on view heard is
    'plays as statistics count them: each listening once and none of 0 ms; ms is the length of the track'
    ' if Spotify did not report the time heard';
