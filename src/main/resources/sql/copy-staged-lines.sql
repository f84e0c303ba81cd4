copy staged_line (position, source, played_at, ms_played, nth, kind, popularity, context_uri, platform, country,
                  reason_start, reason_end, shuffle, skipped, offline, offline_at, incognito, extra,
                  rejected_because, line,
                  spelling,
                  uri, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit)
from stdin
