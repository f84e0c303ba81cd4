with named as (
    select track_id, shown_artist_key, shown_artist_name
      from track
     where shown_artist_key is not null
       and (cast(:#search as text) is null or strpos(fold(shown_artist_name), fold(cast(:#search as text))) > 0)
)
select max(shown_artist_name collate "C")      as name,
       sum(plays)::bigint                      as plays,
       round(sum(ms) / 3600000.0, 3)           as hours
  from heard_year
  join named using (track_id)
 where (cast(:#listener as integer) is null or listener_id = cast(:#listener as integer))
   and spoken = cast(:#spoken as boolean)
 group by shown_artist_key
 order by sum(plays) desc, sum(ms) desc, shown_artist_key
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
