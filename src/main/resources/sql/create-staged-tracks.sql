create temporary table if not exists staged_track (
    spelling integer     not null,
    track_id integer     not null,
    seen_at  timestamptz not null
) on commit delete rows
