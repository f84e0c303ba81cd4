with heard as (
    select track.*, plays, ms,
           case cast(:#by as text) when 'artist' then shown_artist_key when 'album' then album_key else song_key end as key
      from heard_tracks(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date), cast(:#spoken as boolean))
      join track using (track_id)
     where cast(:#artist as text) is null
        or shown_artist_key = md5(fold(cast(:#artist as text)))::uuid
),
summed as (
    select key,
           sum(plays)::bigint as plays,
           sum(ms)::bigint    as ms
      from heard
     where key is not null
     group by key
     order by case cast(:#order as text) when 'plays' then sum(plays) else sum(ms) end desc,
              case cast(:#order as text) when 'plays' then sum(ms) else sum(plays) end desc, key
     limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
)
select cast(:#offset as integer)
           + row_number() over (order by case cast(:#order as text) when 'plays' then summed.plays else summed.ms end desc,
                                         case cast(:#order as text) when 'plays' then summed.ms else summed.plays end desc, key) as rank,
       case cast(:#by as text) when 'artist' then shown.shown_artist_name when 'album' then shown.album_name else shown.name end as name,
       case when cast(:#by as text) = 'album' then coalesce(shown.album_artist_name, shown.artist_name) else shown.shown_artist_name end as artist_name,
       case when cast(:#by as text) <> 'artist' then shown.album_name end                                                      as album_name,
       case when cast(:#by as text) = 'track' then shown.uri end                                                               as track_uri,
       summed.plays,
       round(summed.ms / 3600000.0, 3)                                                                                         as hours
  from summed
 cross join lateral (select *
                       from heard
                      where heard.key = summed.key
                      order by heard.plays desc, heard.ms desc, heard.track_id
                      limit 1) as shown
 order by rank
