select month as day, artists, albums, tracks, new_artists, new_albums, new_tracks
  from heard_months(cast(:#listener as integer), cast(:#spoken as boolean))
 where month between date_trunc('month', cast(:#first_day as date)) and cast(:#last_day as date)
 order by month
