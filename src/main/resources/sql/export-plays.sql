-- Each play with a spelling that a document of its listener can have given with it, so that no new one arises where it is
-- read again; and the last play that can have come with a spelling, with that, so that all of them arise.
with played as (
    select play.*, lead(played_at) over (partition by track_id order by played_at, source, ms_played, nth) as next_played_at
      from play
     where listener_id = ?
       -- Of a source without plays nothing need be sorted.
       and exists (select from play as same where same.listener_id = ? and same.source = cast(? as source))
),
known as (
    select track_spelling.*
      from track_spelling
     where not exists (select
                         from (values (artist_name), (album_artist_name)) as artist (name)
                         left join track_alias
                           on track_alias.listener_id = ?
                          and track_alias.track_id    = track_spelling.track_id
                          and track_alias.alias_key   = md5(fold(track_spelling.name) || E'\x1f' || fold(artist.name))::uuid
                        where track_spelling.name is not null
                          and artist.name is not null
                          and track_alias.track_id is null)
),
spelt as (
    select played.*, track.track_key, track.uri,
           case when known.track_id is null then track.kind              else known.kind              end as kind,
           case when known.track_id is null then track.name              else known.name              end as name,
           case when known.track_id is null then track.artist_name       else known.artist_name       end as artist_name,
           case when known.track_id is null then track.album_artist_name else known.album_artist_name end as album_artist_name,
           case when known.track_id is null then track.album_name        else known.album_name        end as album_name,
           case when known.track_id is null then track.duration_ms       else known.duration_ms       end as duration_ms,
           case when known.track_id is null then track.isrc              else known.isrc              end as isrc,
           case when known.track_id is null then track.explicit          else known.explicit          end as explicit,
           known.seen_at, known.spelling_key,
           row_number() over (partition by play_id
                              order by played.source <> 'recently_played'
                                       and num_nonnulls(known.artist_name, known.duration_ms, known.isrc, known.explicit) > 0,
                                       known.seen_at, known.spelling_key) as place
      from played
      join track using (track_id)
      left join known on known.track_id = played.track_id and known.seen_at >= played.played_at
     where played.source = cast(? as source)
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
  from spelt
 where place = 1
    or seen_at < coalesce(next_played_at, 'infinity')
 order by played_at, track_key, ms_played, nth, spelling_key
