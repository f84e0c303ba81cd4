with spelling as (
    select distinct track.track_id, line.name, line.artist_name, line.album_artist_name
      from staged_line as line
      join track using (track_key)
     where line.rejected_because is null
)
insert into track_alias (listener_id, track_id, alias_key)
select distinct cast(:#${variable.listener_id} as integer), spelling.track_id,
       md5(fold(spelling.name) || E'\x1f' || fold(artist.name))::uuid as alias_key
  from spelling
 cross join lateral (values (artist_name), (album_artist_name)) as artist (name)
 where spelling.name is not null
   and artist.name is not null
 order by track_id, alias_key
    on conflict do nothing
