-- Each play with a spelling that a document can have given with it, so that no new one arises where it is read again;
-- and with each that was seen last at this very moment, so that all arise.
with told as (
    select play.*, track.track_key, track.uri, spelling.kind, spelling.name, spelling.artist_name, spelling.album_artist_name,
           spelling.album_name, spelling.duration_ms, spelling.isrc, spelling.explicit, spelling.spelling_key
      from play
      join track using (track_id)
     cross join lateral (select track_spelling.*,
                                row_number() over (order by seen_at < play.played_at,
                                                            play.source <> 'recently_played'
                                                            and num_nonnulls(artist_name, duration_ms, isrc, explicit) > 0,
                                                            seen_at, spelling_key) as place
                           from track_spelling
                          where track_spelling.track_id = play.track_id) as spelling
     where play.listener_id = ?
       and play.source = cast(? as source)
       and (spelling.place = 1 or spelling.seen_at = play.played_at)
)
select json_build_object(
           'tracklog',          'play',
           'source',            source,
           'played_at',         to_json(played_at at time zone 'UTC') #>> '{}' || 'Z',
           'ms_played',         ms_played,
           'nth',               case source when 'account_data' then nth end,
           'kind',              kind,
           'uri',               uri,
           'name',              name,
           'artist_name',       artist_name,
           'album_artist_name', album_artist_name,
           'album_name',        album_name,
           'duration_ms',       duration_ms,
           'isrc',              isrc,
           'explicit',          explicit,
           'popularity',        popularity,
           'context_uri',       context_uri,
           'platform',          platform,
           'country',           country,
           'reason_start',      reason_start,
           'reason_end',        reason_end,
           'shuffle',           shuffle,
           'skipped',           skipped,
           'offline',           offline,
           'offline_at',        cast(extract(epoch from offline_at) * 1000 as bigint),
           'incognito',         incognito,
           'extra',             extra) as line
  from told
 order by played_at, track_key, ms_played, nth, spelling_key
