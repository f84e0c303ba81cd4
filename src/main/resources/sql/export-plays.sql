-- Each play is exported with a spelling that a document of its listener can have supplied, so that an import of the
-- export creates no other spelling. The last play that can have supplied a spelling is exported with that spelling as
-- well, so that an import of the export creates all of them.
with listener_play as (
    select play.*,
           lead(played_at) over (partition by track_id order by played_at, source, ms_played, nth) as next_played_at
      from play
     where listener_id = ?
       -- This condition avoids a sort where the listener has no play of the source.
       and exists (select from play as same where same.listener_id = ? and same.source = cast(? as source))
),
known_spelling as (
    select track_spelling.*
      from track_spelling
     where not exists (select
                         from (values (artist_name), (album_artist_name)) as artist (name)
                         left join track_alias
                           on track_alias.listener_id = ?
                          and track_alias.track_id    = track_spelling.track_id
                          and track_alias.alias_key
                              = md5(fold(track_spelling.name) || E'\x1f' || fold(artist.name))::uuid
                        where track_spelling.name is not null
                          and artist.name is not null
                          and track_alias.track_id is null)
),
spelled_play as (
    select listener_play.*, track.track_key, track.uri,
           case when known.track_id is null then track.kind        else known.kind        end as kind,
           case when known.track_id is null then track.name        else known.name        end as name,
           case when known.track_id is null then track.artist_name else known.artist_name end as artist_name,
           case when known.track_id is null
                then track.album_artist_name
                else known.album_artist_name end                                              as album_artist_name,
           case when known.track_id is null then track.album_name  else known.album_name  end as album_name,
           case when known.track_id is null then track.duration_ms else known.duration_ms end as duration_ms,
           case when known.track_id is null then track.isrc        else known.isrc        end as isrc,
           case when known.track_id is null then track.explicit    else known.explicit    end as explicit,
           known.seen_at, known.spelling_key,
           row_number() over (partition by play_id
                              order by listener_play.source <> 'recently_played'
                                       and num_nonnulls(known.artist_name, known.duration_ms,
                                                        known.isrc, known.explicit) > 0,
                                       known.seen_at, known.spelling_key) as place
      from listener_play
      join track using (track_id)
      left join known_spelling as known
        on known.track_id = listener_play.track_id
       and known.seen_at >= listener_play.played_at
     where listener_play.source = cast(? as source)
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
           'details',           details,
           'started_at',        to_json(started_at at time zone 'UTC') #>> '{}' || 'Z',
           'reported_at',       to_json(reported_at at time zone 'UTC') #>> '{}' || 'Z',
           'offline_timestamp', to_json(offline_timestamp at time zone 'UTC') #>> '{}' || 'Z',
           'platform',          platform,
           'country',           country,
           'reason_start',      reason_start,
           'reason_end',        reason_end,
           'shuffle',           shuffle,
           'skipped',           skipped,
           'offline',           offline,
           'incognito',         incognito,
           'extra',             extra) as line
  from spelled_play
  left join circumstance using (circumstance_id)
  left join track_details
    on track_details.track_id = spelled_play.track_id
   and track_details.seen_at  = spelled_play.played_at
 where place = 1
    or spelled_play.seen_at < coalesce(next_played_at, 'infinity')
 order by played_at, track_key, ms_played, nth, spelling_key
