with named as materialized (
    select track_id, heard.plays, heard.ms,
           case cast(:#by as text) when 'artist' then shown_artist_key when 'album' then album_key else song_key
            end as key
      from read_tracks(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                        cast(:#spoken as boolean)) as heard
      join track using (track_id)
     where cast(:#artist as text) is null
        or shown_artist_key = name_key(cast(:#artist as text))
),
summed as (
    select key, sum(plays) as plays, sum(ms) as ms,
           case cast(:#order as text) when 'plays' then sum(plays) else sum(ms) end as first_measure,
           case cast(:#order as text) when 'plays' then sum(ms) else sum(plays) end as second_measure
      from named
     where key is not null
     group by key
     order by first_measure desc, second_measure desc, key
     limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
),
-- What an artist, album or track is called is what its most played URI says.
shown as (
    select distinct on (key) key, track_id
      from named
     where key in (select key from summed)
     group by key, track_id
     order by key, sum(plays) desc, sum(ms) desc, track_id
)
select cast(:#offset as integer) + row_number() over (order by first_measure desc, second_measure desc, key) as rank,
       case cast(:#by as text) when 'artist' then shown_artist_name when 'album' then album_name else name end as name,
       case when cast(:#by as text) = 'album' then coalesce(album_artist_name, artist_name)
            else shown_artist_name end as artist_name,
       case when cast(:#by as text) <> 'artist' then album_name end as album_name,
       case when cast(:#by as text) = 'track' then uri end as track_uri,
       summed.plays,
       round((summed.ms / 3600000)::numeric, 3) as hours
  from summed
  join shown using (key)
  join track using (track_id)
 order by rank
