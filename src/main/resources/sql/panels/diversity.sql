select month as day, artists, albums, tracks, new_artists, new_albums, new_tracks
  from count_names(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                   cast(:#spoken as boolean))
 order by month
