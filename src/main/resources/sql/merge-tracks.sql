-- These names are final for a track with one spelling. Most tracks have one; name-tracks.sql corrects the others.
insert into track (track_key, uri, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit)
select track_key, max(uri), max(kind),
       max(name              collate "C"),
       max(artist_name       collate "C"),
       max(album_artist_name collate "C"),
       max(album_name        collate "C"),
       max(duration_ms),
       max(isrc              collate "C"),
       bool_or(explicit)
  from staged_spelling
 where not exists (select from track where track.track_key = staged_spelling.track_key)
 group by track_key
 order by track_key
    on conflict (track_key) do nothing
