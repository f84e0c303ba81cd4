copy staged_line (import_id, listener_id, position, source, played_at, ms_played, nth,
                  started_at, reported_at, offline_timestamp, popularity, context_uri, extra, rejected_because, line,
                  spelling,
                  kind, uri, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit, details,
                  circumstance,
                  platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito)
from stdin
