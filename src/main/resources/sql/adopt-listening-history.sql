-- The table does not record the source of a row. A row with a popularity or with fractions of a second came from the
-- API, because the export has neither. The ms_played of an API row is the length of the track.
with adopted_play as (
    select id, track_uri, track_name, artist_name, album_name, ms_played, popularity,
           cast(played_at as timestamp) as played_at,
           popularity is not null
           or coalesce(extract(microseconds from cast(played_at as timestamp)) % 1000000 <> 0, false) as polled
      from public.listening_history
)
select json_strip_nulls(json_build_object(
           'tracklog',          'public.listening_history',
           'source',            case when polled then 'recently_played' else 'export' end,
           'played_at',         to_char(played_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'ms_played',         case when not polled then ms_played end,
           'duration_ms',       case when polled then ms_played end,
           'kind',              case split_part(track_uri, ':', 2) when 'episode' then 'episode'
                                                                   when 'local'   then 'local'
                                                                   else 'track' end,
           'uri',               track_uri,
           'name',              track_name,
           'artist_name',       case when polled then artist_name end,
           'album_artist_name', case when not polled then artist_name end,
           'album_name',        album_name,
           'popularity',        popularity)) as line
  from adopted_play
 where polled = ?
 order by played_at, id
