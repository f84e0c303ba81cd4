-- Updates only tracks with several spellings. A track with one spelling got its names when it was inserted.
with respelled_track as (
    select track_id
      from track_spelling
     where track_id in (select track_id from staged_track)
     group by track_id
    having count(*) > 1
),
latest_spelling as (
    select track_id,
           max(kind) as kind,
           (array_agg(name order by seen_at desc, name collate "C" desc)
            filter (where name is not null))[1] as name,
           (array_agg(artist_name order by seen_at desc, artist_name collate "C" desc)
            filter (where artist_name is not null))[1] as artist_name,
           (array_agg(album_artist_name order by seen_at desc, album_artist_name collate "C" desc)
            filter (where album_artist_name is not null))[1] as album_artist_name,
           (array_agg(album_name order by seen_at desc, album_name collate "C" desc)
            filter (where album_name is not null))[1] as album_name,
           (array_agg(duration_ms order by seen_at desc, duration_ms desc)
            filter (where duration_ms is not null))[1] as duration_ms,
           (array_agg(isrc order by seen_at desc, isrc collate "C" desc)
            filter (where isrc is not null))[1] as isrc,
           (array_agg(explicit order by seen_at desc, explicit desc)
            filter (where explicit is not null))[1] as explicit
      from track_spelling
      join respelled_track using (track_id)
     group by track_id
)
update track
   set kind              = latest.kind,
       name              = latest.name,
       artist_name       = latest.artist_name,
       album_artist_name = latest.album_artist_name,
       album_name        = latest.album_name,
       duration_ms       = latest.duration_ms,
       isrc              = latest.isrc,
       explicit          = latest.explicit
  from latest_spelling as latest
 where latest.track_id = track.track_id
   and (track.kind, track.name, track.artist_name, track.album_artist_name,
        track.album_name, track.duration_ms, track.isrc, track.explicit)
       is distinct from
       (latest.kind, latest.name, latest.artist_name, latest.album_artist_name,
        latest.album_name, latest.duration_ms, latest.isrc, latest.explicit)
