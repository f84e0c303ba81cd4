analyze staged_line (spelling, played_at, source, track_key)
