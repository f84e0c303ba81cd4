with spelling as (
    select track.track_id, line.kind, line.name, line.artist_name, line.album_artist_name, line.album_name,
           line.duration_ms, line.isrc, line.explicit,
           max(line.played_at) as seen_at
      from staged_line as line
      join track using (track_key)
     where line.rejected_because is null
     group by track.track_id, line.kind, line.name, line.artist_name, line.album_artist_name, line.album_name,
              line.duration_ms, line.isrc, line.explicit
)
insert into track_spelling as known
       (track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit, seen_at)
select track_id, kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit, seen_at
  from spelling
 order by track_id
    on conflict (track_id, spelling_key) do update
   set seen_at = excluded.seen_at
 where excluded.seen_at > known.seen_at
