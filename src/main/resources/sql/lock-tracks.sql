-- Whoever names a track must see all its spellings, those of another listener's document that is merged meanwhile as well:
-- its transaction is waited for here, and the next statement sees what it has committed.
select count(*) as tracks
  from (select track_id
          from track
         where track_id = any (array(select track_id from staged_track))
         order by track_id
           for no key update) as locked
