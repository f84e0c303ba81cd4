-- The name of a track depends on all its spellings, and another transaction may be adding some.
-- This statement waits for such a transaction. The next statement then sees what it has committed.
select count(*) as tracks
  from (select track_id
          from track
         where track_id = any (array(select track_id from staged_track))
         order by track_id
           for no key update) as locked
