-- The spelling column numbers the distinct descriptions of tracks in a document. Only the first line with a number
-- has the descriptive columns. A rejected line has no number.
create temporary table if not exists staged_line (
    position          bigint not null,
    source            source not null,
    spelling          integer,
    played_at         timestamptz,
    ms_played         integer,
    nth               smallint,
    kind              kind,
    uri               text,
    name              text,
    artist_name       text,
    album_artist_name text,
    album_name        text,
    duration_ms       integer,
    isrc              text,
    explicit          boolean,
    popularity        smallint,
    context_uri       text,
    platform          text,
    country           text,
    reason_start      text,
    reason_end        text,
    shuffle           boolean,
    skipped           boolean,
    offline           boolean,
    offline_at        timestamptz,
    incognito         boolean,
    extra             jsonb,
    rejected_because  text,
    line              text,
    track_key         uuid generated always as
        (case when coalesce(uri, name) is not null
              then track_key(uri, kind, name, coalesce(album_artist_name, artist_name)) end) stored
) on commit delete rows
