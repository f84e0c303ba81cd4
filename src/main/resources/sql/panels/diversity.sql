with wanted as (
    select listener_id, time_zone
      from listener
     where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
),
first_heard as (
    select track_id, min(date_trunc('month', first_played_at at time zone time_zone)::date) as month
      from heard_year
      join wanted using (listener_id)
     where spoken = cast(:#spoken as boolean)
     group by track_id
),
first_named as (
    select track.shown_artist_key, track.album_key, track.song_key, month
      from first_heard
      join track using (track_id)
),
discovered as (
    select month, 'artist' as what, count(*) as new
      from (select min(month) as month from first_named where shown_artist_key is not null group by shown_artist_key) as artist
     group by month
    union all
    select month, 'album', count(*)
      from (select min(month) as month from first_named where album_key is not null group by album_key) as album
     group by month
    union all
    select month, 'track', count(*)
      from (select min(month) as month from first_named group by song_key) as song
     group by month
),
variety as (
    select month, artists, albums, tracks
      from heard_variety
     where listener_id = (select min(listener_id) from wanted)
       and spoken = cast(:#spoken as boolean)
       and (select count(*) from wanted) = 1
    union all
    select month, count(distinct shown_artist_key), count(distinct album_key), count(distinct song_key)
      from heard_month
      join track using (track_id)
     where spoken = cast(:#spoken as boolean)
       and (select count(*) from wanted) > 1
     group by month
)
select variety.month                                                         as day,
       artists, albums, tracks,
       coalesce(max(discovered.new) filter (where what = 'artist'), 0)      as new_artists,
       coalesce(max(discovered.new) filter (where what = 'album'), 0)       as new_albums,
       coalesce(max(discovered.new) filter (where what = 'track'), 0)       as new_tracks
  from variety
  left join discovered using (month)
 where variety.month between date_trunc('month', cast(:#first_day as date)) and cast(:#last_day as date)
 group by variety.month, artists, albums, tracks
 order by variety.month
