create temporary table staged_spelling on commit drop as
with seen_spelling as (
    select spelling, max(played_at) as seen_at
      from staged_line
     where listener_id is not null
       and spelling is not null
     group by spelling
)
select spelling, seen_at, kind, uri, name, artist_name, album_artist_name, album_name,
       duration_ms, isrc, explicit, details,
       track_key(uri, kind, name, coalesce(album_artist_name, artist_name)) as track_key
  from staged_line
  join seen_spelling using (spelling)
 where kind is not null
