insert into track (track_key, uri, kind)
select track_key, max(uri), max(kind)
  from staged_line
 where rejected_because is null
   and not exists (select from track where track.track_key = staged_line.track_key)
 group by track_key
 order by min(played_at), track_key
    on conflict (track_key) do nothing
