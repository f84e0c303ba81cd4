insert into track_alias (listener_id, track_id, alias_key)
select distinct cast(:#${variable.listener_id} as integer), staged_track.track_id,
       md5(fold(staged_line.name) || E'\x1f' || fold(artist.name))::uuid as alias_key
  from staged_line
  join staged_track using (spelling)
 cross join lateral (values (artist_name), (album_artist_name)) as artist (name)
 where staged_line.track_key is not null
   and staged_line.name is not null
   and artist.name is not null
 order by track_id, alias_key
    on conflict do nothing
