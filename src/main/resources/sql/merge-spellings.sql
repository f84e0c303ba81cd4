with spelling as (
    select track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit,
           max(seen_at) as seen_at
      from staged_line
      join staged_track using (spelling)
     where track_key is not null
     group by track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit
)
insert into track_spelling as known
       (track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit, seen_at)
select track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit, seen_at
  from spelling
 order by track_id, spelling_key(kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit)
    on conflict (track_id, spelling_key) do update
   set seen_at = excluded.seen_at
 where excluded.seen_at > known.seen_at
