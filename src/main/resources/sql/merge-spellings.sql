insert into track_spelling as known
       (track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit, seen_at)
select track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit,
       max(seen_at)
  from staged_spelling
  join staged_track using (spelling)
 group by track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit
 order by track_id
    on conflict (track_id, spelling_key) do update
   set seen_at = excluded.seen_at
 where excluded.seen_at > known.seen_at
