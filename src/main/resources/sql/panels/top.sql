with heard as materialized (
    select track.*, plays, ms,
           case cast(:#by as text) when 'artist' then shown_artist_key when 'album' then album_key else song_key end as key
      from heard_tracks(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean))
      join track using (track_id)
     where cast(:#artist as text) is null
        or shown_artist_key = md5(fold(cast(:#artist as text)))::uuid
),
summed as (
    select key,
           sum(plays)::bigint                                                         as plays,
           sum(ms)::bigint                                                            as ms,
           case cast(:#order as text) when 'plays' then sum(plays) else sum(ms) end   as first_measure,
           case cast(:#order as text) when 'plays' then sum(ms)    else sum(plays) end as second_measure
      from heard
     where key is not null
     group by key
     order by first_measure desc, second_measure desc, key
     limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
),
-- What an artist, album or track is called is what its most played URI says.
shown as (
    select distinct on (key) heard.*
      from heard
      join summed using (key)
     order by key, heard.plays desc, heard.ms desc, heard.track_id
)
select cast(:#offset as integer) + row_number() over (order by first_measure desc, second_measure desc, summed.key) as rank,
       case cast(:#by as text) when 'artist' then shown_artist_name when 'album' then album_name else name end      as name,
       case when cast(:#by as text) = 'album' then coalesce(album_artist_name, artist_name) else shown_artist_name end as artist_name,
       case when cast(:#by as text) <> 'artist' then album_name end                                                 as album_name,
       case when cast(:#by as text) = 'track' then uri end                                                          as track_uri,
       summed.plays,
       round(summed.ms / 3600000.0, 3)                                                                              as hours
  from summed
  join shown using (key)
 order by rank
