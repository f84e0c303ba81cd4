-- Each item of a page describes its track in full, so its position serves as the number of its spelling.
insert into staged_line (position, source, spelling, played_at, ms_played, kind, uri,
                         name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit,
                         popularity, context_uri, platform, country, reason_start, reason_end,
                         shuffle, skipped, offline, offline_at, incognito, extra, rejected_because, line)
select position, source, case when rejected_because is null then position end, played_at, ms_played, kind, uri,
       name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit,
       popularity, context_uri, platform, country, reason_start, reason_end,
       shuffle, skipped, offline, offline_at, incognito, extra, rejected_because, line
  from json_populate_record(null::staged_line, cast(:#${variable.line} as json))
