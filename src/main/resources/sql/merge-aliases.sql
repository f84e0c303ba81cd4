with heard_spelling as (
    select distinct listener_id, spelling
      from staged_line
     where listener_id is not null
)
insert into track_alias (listener_id, track_id, alias_key)
select distinct listener_id, track_id,
       md5(fold(staged_spelling.name) || E'\x1f' || fold(artist.name))::uuid as alias_key
  from heard_spelling
  join staged_spelling using (spelling)
  join staged_track    using (spelling)
 cross join lateral (values (artist_name), (album_artist_name)) as artist (name)
 where staged_spelling.name is not null
   and artist.name is not null
 order by listener_id, track_id, alias_key
    on conflict do nothing
