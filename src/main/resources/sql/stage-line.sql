-- Each item of a page describes its track in full, so its position serves as the number of its spelling.
insert into staged_line (listener_id, position, source, played_at, ms_played, popularity, context_uri, extra,
                         rejected_because, line,
                         spelling, kind, uri, name, artist_name, album_artist_name, album_name, duration_ms,
                         isrc, explicit, details)
select cast(:#${variable.listener_id} as integer), position, source, played_at, ms_played, popularity, context_uri,
       extra, rejected_because, line,
       case when rejected_because is null then position end, kind, uri, name, artist_name, album_artist_name,
       album_name, duration_ms, isrc, explicit, details
  from json_populate_record(null::staged_line, cast(:#${variable.line} as json))
