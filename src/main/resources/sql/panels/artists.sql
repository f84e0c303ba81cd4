with artist as (
    select shown_artist_key, sum(plays) as plays, sum(ms::double precision) as ms
      from heard_track
      join track using (track_id)
     where shown_artist_key is not null
       and (cast(:#search as text) is null or strpos(fold(shown_artist_name), fold(cast(:#search as text))) > 0)
       and (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
       and spoken = cast(:#spoken as boolean)
     group by shown_artist_key
     order by plays desc, ms desc, shown_artist_key
     limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
)
select (select max(shown_artist_name collate "C")
          from track
         where track.shown_artist_key = artist.shown_artist_key) as name,
       plays,
       round((ms / 3600000)::numeric, 3) as hours
  from artist
 order by plays desc, ms desc, shown_artist_key
