-- Account data repeats lines truly, so its equal lines are numbered. Equal lines of other sources are one play.
with numbered_line as (
    select staged_line.ctid as place,
           row_number() over (partition by listener_id, played_at, track_id, ms_played
                                  order by import_id, position) - 1 as nth
      from staged_line
      join staged_track using (spelling)
     where source = 'account_data'
       and listener_id is not null
       and nth is null
)
update staged_line
   set nth = numbered_line.nth
  from numbered_line
 where staged_line.ctid = numbered_line.place
