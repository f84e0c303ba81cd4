with first_named as (
    select shown_artist_key, album_key, song_key, min(first_day) as first_day
      from heard_track
      join track using (track_id)
     where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
       and spoken = cast(:#spoken as boolean)
     group by grouping sets ((shown_artist_key), (album_key), (song_key))
),
-- First by day: to ask for the month of each takes as long as all the rest.
discovered_of_day as (
    select first_day, count(shown_artist_key) as artists, count(album_key) as albums, count(song_key) as tracks
      from first_named
     group by first_day
),
discovered as (
    select date_trunc('month', first_day)::date as month, sum(artists) as artists, sum(albums) as albums, sum(tracks) as tracks
      from discovered_of_day
     group by 1
)
select month                           as day,
       heard.artists, heard.albums, heard.tracks,
       coalesce(discovered.artists, 0) as new_artists,
       coalesce(discovered.albums, 0)  as new_albums,
       coalesce(discovered.tracks, 0)  as new_tracks
  from heard_months(cast(:#listener as integer), cast(:#spoken as boolean)) as heard
  left join discovered using (month)
 where month between date_trunc('month', cast(:#first_day as date)) and cast(:#last_day as date)
 order by month
