insert into track_details as known (track_id, details, seen_at)
select distinct on (track_id) track_id, details, seen_at
  from staged_spelling
  join staged_track using (spelling)
 where details is not null
 order by track_id, seen_at desc, details::text collate "C" desc
    on conflict (track_id) do update
   set details = excluded.details,
       seen_at = excluded.seen_at
 where (excluded.seen_at, excluded.details::text collate "C") > (known.seen_at, known.details::text collate "C")
