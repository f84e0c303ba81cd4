-- Autovacuum ignores temporary tables. Without statistics the plans for a long document take minutes.
analyze staged_line (listener_id, spelling, circumstance, played_at, source)
