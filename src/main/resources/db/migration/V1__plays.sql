-- Flyway sets the search path, so unqualified names belong to the schema tracklog.

-- The sources are ordered from coarse to fine. If several of them report a listening, the finest report counts.
create type source as enum ('recently_played', 'account_data', 'export');

create type kind as enum ('track', 'episode', 'chapter', 'local');

-- Generated keys need an immutable expression, and the cast of an enum to text is not immutable.
create function kind_name(kind kind) returns text
    language sql immutable parallel safe
    return case kind
        when 'track'   then 'track'
        when 'episode' then 'episode'
        when 'chapter' then 'chapter'
        when 'local'   then 'local'
    end;

-- Two spellings of a name are equal if their folded forms are. The first branch is a faster way to the same result
-- for ASCII, because most names are ASCII.
create function fold(name text) returns text
    language sql immutable parallel safe
    return case
        when octet_length(name) = length(name) then lower(name collate "C") collate "und-x-icu"
        else lower(normalize(name, nfkc) collate "und-x-icu")
    end;

-- Statistics group names by this key. A 64-bit hash is used, because panels count hundreds of thousands of names at a
-- time.
create function name_key(name text, of_artist text default '') returns bigint
    language sql immutable parallel safe
    return hashtextextended(fold(name) || E'\x1f' || fold(of_artist), 0);

create function spelling_key(kind kind, name text, artist_name text, album_artist_name text, album_name text,
                             duration_ms integer, isrc text, explicit boolean) returns uuid
    language sql immutable parallel safe
    return md5(kind_name(kind)
               || E'\x1f' || coalesce(name, E'\x1e')
               || E'\x1f' || coalesce(artist_name, E'\x1e')
               || E'\x1f' || coalesce(album_artist_name, E'\x1e')
               || E'\x1f' || coalesce(album_name, E'\x1e')
               || E'\x1f' || coalesce(duration_ms::text, '')
               || E'\x1f' || coalesce(isrc, E'\x1e')
               || E'\x1f' || coalesce(explicit::text, ''))::uuid;

create function circumstance_key(platform text, country text, reason_start text, reason_end text,
                                 shuffle boolean, skipped boolean, offline boolean, incognito boolean) returns uuid
    language sql immutable parallel safe
    return md5(coalesce(platform, E'\x1e')
               || E'\x1f' || coalesce(country, E'\x1e')
               || E'\x1f' || coalesce(reason_start, E'\x1e')
               || E'\x1f' || coalesce(reason_end, E'\x1e')
               || E'\x1f' || coalesce(shuffle::text, '')
               || E'\x1f' || coalesce(skipped::text, '')
               || E'\x1f' || coalesce(offline::text, '')
               || E'\x1f' || coalesce(incognito::text, ''))::uuid;

create table listener (
    listener_id     integer generated always as identity primary key,
    name            text        not null unique check (name <> ''),
    spotify_user_id text,
    time_zone       text        not null,
    created_at      timestamptz not null default now()
);

-- The index is partial so that it is not a key for row locks. Otherwise an update of the account would block inserts
-- of plays, whose foreign keys lock the listener.
create unique index listener_spotify_user_id on listener (spotify_user_id) where spotify_user_id is not null;

-- A track has one row per URI. Each field is the non-null value of the latest spelling; ties are resolved by value.
create table track (
    track_id          integer generated always as identity,
    shown_artist_key  bigint generated always as (name_key(coalesce(artist_name, album_artist_name))) stored,
    album_key         bigint generated always as
        (name_key(album_name, coalesce(album_artist_name, artist_name, ''))) stored,
    song_key          bigint generated always as
        (name_key(coalesce(name, uri, ''), coalesce(artist_name, album_artist_name, ''))) stored,
    track_key         uuid    not null unique,
    uri               text,
    kind              kind    not null,
    name              text,
    artist_name       text,
    album_artist_name text,
    album_name        text,
    duration_ms       integer,
    isrc              text,
    explicit          boolean,
    shown_artist_name text generated always as (coalesce(artist_name, album_artist_name)) stored,
    search_text       text generated always as
        (fold(coalesce(name, '')
              || E'\n' || coalesce(artist_name, album_artist_name, '')
              || E'\n' || coalesce(album_name, ''))) stored,
    -- The index includes the keys of the statistics, so that an index-only scan can replace reads of the wide rows.
    primary key (track_id) include (shown_artist_key, album_key, song_key)
);

comment on column track.shown_artist_name is 'the artists of the track if known, otherwise those of the album';
comment on column track.song_key is 'equal for all URIs of a song: a hash of folded name and shown artist';
comment on column track.artist_name is 'artists of the track, from the API; the export names only those of the album';

-- A spelling is one description of a track by a source, with the time of the latest play that came with it.
-- All spellings are kept, so that the names of a track do not depend on the order of arrival.
create table track_spelling (
    track_id          integer     not null,
    kind              kind        not null,
    name              text,
    artist_name       text,
    album_artist_name text,
    album_name        text,
    duration_ms       integer,
    isrc              text,
    explicit          boolean,
    seen_at           timestamptz not null,
    spelling_key      uuid generated always as
        (spelling_key(kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit)) stored,
    primary key (track_id, spelling_key)
);

-- Details are what the API tells of a track beyond its spelling: artists, album, images and numbers.
create table track_details (
    track_id integer     primary key references track,
    details  jsonb       not null,
    seen_at  timestamptz not null
);

create table import (
    import_id       bigint generated always as identity primary key,
    listener_id     integer     not null references listener,
    document        text        not null,
    bundle          uuid,
    format          text,
    source          source,
    state           text        not null default 'running'
                    check (state in ('running', 'done', 'failed', 'interrupted', 'no_history')),
    lines_read      bigint      not null default 0,
    percent_read    smallint,
    inserted        bigint      not null default 0,
    duplicates      bigint      not null default 0,
    rejected        bigint      not null default 0,
    first_played_at timestamptz,
    last_played_at  timestamptz,
    started_at      timestamptz not null default now(),
    finished_at     timestamptz,
    error           text,
    constraint books_balance check (state <> 'done' or lines_read = inserted + duplicates + rejected)
);

comment on column import.document is 'path below the inbox; for an entry of a ZIP: path of the ZIP, !, name of entry';
comment on column import.bundle is 'equal for all entries of one ZIP';
comment on column import.percent_read is 'percentage of a long document read so far; 100 during the merge,'
                                         ' null if the size is unknown';
comment on column import.first_played_at is 'first end of a music play in the document; last_played_at is the last';

create index import_running on import (import_id) where state = 'running';

-- A program claims a firing by inserting its row, so that only one of several containers polls.
-- The table is also the ledger of all calls to Spotify.
create table poll (
    poll_id          bigint generated always as identity primary key,
    listener_id      integer     not null references listener,
    fire_time        timestamptz not null,
    program          text        not null default current_setting('application_name'),
    started_at       timestamptz not null default now(),
    finished_at      timestamptz,
    outcome          text        not null default 'running'
                     check (outcome in ('running', 'done', 'connected', 'rate_limited', 'unauthorized', 'forbidden',
                                        'invalid_client', 'needs_reconnect', 'refused', 'server_error', 'unreachable',
                                        'malformed', 'budget', 'failed', 'interrupted')),
    calls            integer     not null default 0,
    items            integer     not null default 0,
    inserted         integer     not null default 0,
    duplicates       integer     not null default 0,
    rejected         integer     not null default 0,
    oldest_played_at timestamptz,
    newest_played_at timestamptz,
    paused_until     timestamptz,
    error            text,
    unique (listener_id, fire_time),
    constraint books_balance check (outcome <> 'done' or items = inserted + duplicates + rejected)
);

comment on column poll.program is 'application_name of the program that polls; without such a session it has ended';
comment on column poll.outcome is 'done: the page is stored; connected: the calls that connected an account;'
                                  ' refused: any other 4xx; budget: no calls were left;'
                                  ' failed: a fault of another origin than Spotify; interrupted: the program ended';
comment on column poll.calls is 'requests sent to Spotify for this poll, including token requests and retries';
comment on column poll.paused_until is 'Spotify asked the app to send no calls for any listener before this time';

create index poll_started on poll (started_at);
create index poll_running on poll (poll_id) where outcome = 'running';
create index poll_paused on poll (paused_until) where paused_until is not null;
create index poll_opens on poll (listener_id, oldest_played_at) where items >= 50;

-- The circumstances of plays repeat in a few thousand combinations. Each combination is stored once.
create table circumstance (
    circumstance_id  integer generated always as identity primary key,
    platform         text,
    country          text,
    reason_start     text,
    reason_end       text,
    shuffle          boolean,
    skipped          boolean,
    offline          boolean,
    incognito        boolean,
    circumstance_key uuid not null generated always as
        (circumstance_key(platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito)) stored
                     unique
);

create table play (
    play_id           bigint generated always as identity primary key,
    played_at         timestamptz not null,
    listener_id       integer     not null,
    track_id          integer     not null,
    ms_played         integer,
    source            source      not null,
    started_at        timestamptz,
    reported_at       timestamptz,
    offline_timestamp timestamptz,
    same_as           bigint,
    circumstance_id   integer,
    nth               smallint    not null default 0,
    popularity        smallint,
    context_uri       text,
    extra             jsonb,
    constraint play_once unique nulls not distinct (listener_id, played_at, track_id, ms_played, source, nth)
);

comment on column play.played_at is 'end of the play (some clients report the start to the API)';
comment on column play.ms_played is 'null for plays from the API, which does not report it';
comment on column play.started_at is 'start of the play, if an export gives a plausible one';
comment on column play.reported_at is 'when Spotify learned of an offline play whose start is known';
comment on column play.offline_timestamp is 'what an export gives as the start, if it cannot be the start';
comment on column play.nth is 'number of a repeated line of account data; 0 for other sources';
comment on column play.same_as is 'the play that stands for this one: another report of the same listening';

create index play_same_as on play (same_as) where same_as is not null;

-- Foreign keys check each row. These triggers check all rows of a statement at once. Their arguments are pairs of a
-- column and the table that it refers to.
create function require_references() returns trigger language plpgsql as $$
declare
    missing bigint;
begin
    perform hold_references();
    for i in 0 .. tg_nargs - 1 by 2 loop
        execute format('select min(%1$I) from changed'
                       ' where %1$I is not null'
                       ' and not exists (select from %2$I where %2$I.%3$I = changed.%1$I)',
                       tg_argv[i], tg_argv[i + 1], tg_argv[i + 1] || '_id')
           into missing;
        if missing is not null then
            raise foreign_key_violation
                using message = format('There is no %s %s, to which %s refers.',
                                       tg_argv[i + 1], missing, tg_table_name);
        end if;
    end loop;
    return null;
end $$;

create function exclude_writers() returns trigger language plpgsql as $$
begin
    perform hold_references(alone => true);
    return null;
end $$;

-- The arguments are pairs of a table and its column that refers to the deleted rows.
create function refuse_if_referred_to() returns trigger language plpgsql as $$
declare
    referred bigint;
begin
    for i in 0 .. tg_nargs - 1 by 2 loop
        execute format(case tg_op
                           when 'DELETE' then 'select min(%2$I) from %1$I where %2$I in (select %3$I from gone)'
                           else               'select min(%2$I) from %1$I' end,
                       tg_argv[i], tg_argv[i + 1], tg_table_name || '_id')
           into referred;
        if referred is not null then
            raise foreign_key_violation
                using message = format('%s %s cannot be deleted: %s refers to it.',
                                       tg_table_name, referred, tg_argv[i]);
        end if;
    end loop;
    return null;
end $$;

create trigger require_references_of_new after insert on play
    referencing new table as changed for each statement
    execute function require_references('listener_id', 'listener', 'track_id', 'track',
                                        'circumstance_id', 'circumstance', 'same_as', 'play');
create trigger require_references_of_changed after update on play
    referencing new table as changed for each statement
    execute function require_references('listener_id', 'listener', 'track_id', 'track',
                                        'circumstance_id', 'circumstance', 'same_as', 'play');
create trigger require_references_of_new after insert on track_spelling
    referencing new table as changed for each statement execute function require_references('track_id', 'track');

create trigger exclude_writers before delete or truncate on listener
    for each statement execute function exclude_writers();
create trigger exclude_writers before delete or truncate on track
    for each statement execute function exclude_writers();
create trigger exclude_writers before delete or truncate on circumstance
    for each statement execute function exclude_writers();
create trigger exclude_writers before delete or truncate on play
    for each statement execute function exclude_writers();

create trigger refuse_if_referred_to after delete on listener
    referencing old table as gone for each statement
    execute function refuse_if_referred_to('play', 'listener_id', 'track_alias', 'listener_id');
create trigger refuse_if_still_referred_to after truncate on listener
    for each statement execute function refuse_if_referred_to('play', 'listener_id', 'track_alias', 'listener_id');
create trigger refuse_if_referred_to after delete on track
    referencing old table as gone for each statement
    execute function refuse_if_referred_to('play', 'track_id', 'track_spelling', 'track_id',
                                           'track_alias', 'track_id');
create trigger refuse_if_still_referred_to after truncate on track
    for each statement
    execute function refuse_if_referred_to('play', 'track_id', 'track_spelling', 'track_id',
                                           'track_alias', 'track_id');
create trigger refuse_if_referred_to after delete on circumstance
    referencing old table as gone for each statement
    execute function refuse_if_referred_to('play', 'circumstance_id');
create trigger refuse_if_still_referred_to after truncate on circumstance
    for each statement execute function refuse_if_referred_to('play', 'circumstance_id');
create trigger refuse_if_referred_to after delete on play
    referencing old table as gone for each statement execute function refuse_if_referred_to('play', 'same_as');

-- A line that could not be stored as a play is kept once and without personal fields.
create table rejected_line (
    rejected_line_id bigint generated always as identity primary key,
    listener_id      integer not null references listener,
    import_id        bigint references import,
    poll_id          bigint references poll,
    position         bigint  not null,
    reason           text    not null,
    line             text    not null,
    check (num_nonnulls(import_id, poll_id) = 1)
);

create unique index rejected_line_once on rejected_line (listener_id, md5(reason || E'\x1f' || line));

-- The refresh token is encrypted. If it came from the setting, only a hash of the setting is stored.
create table spotify_connection (
    listener_id     integer     primary key references listener,
    refresh_token   bytea       not null,
    setting_hash    text,
    authorised_at   timestamptz not null default now(),
    authorised_by   text        not null check (authorised_by in ('connect', 'setting')),
    state           text        not null default 'connected' check (state in ('connected', 'needs_reconnect')),
    error           text,
    poll_interval   interval    not null default '0',
    postponed_until timestamptz,
    warned_days     integer,
    updated_at      timestamptz not null default now()
);

comment on column spotify_connection.authorised_at is
    'for a token from the setting an upper bound: the time of its first use';
comment on column spotify_connection.poll_interval is
    'the shortest interval for which the daily calls suffice for all listeners';
comment on column spotify_connection.postponed_until is
    'when the next poll is due, if the last firing came too early or in a pause';
comment on column spotify_connection.warned_days is
    'days before expiry of the token at which the log last warned';
