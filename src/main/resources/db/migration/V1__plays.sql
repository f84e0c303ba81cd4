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

-- The key of a track is its URI or, if the source gives none, its kind and folded names.
-- It is stored as a hash, because the URI of a local file can exceed the maximum size of an index row.
create function track_key(uri text, kind kind, name text, artist_name text) returns uuid
    language sql immutable parallel safe
    return case
        when uri is not null then md5(uri)::uuid
        else md5(kind_name(kind)
                 || E'\x1f' || coalesce(fold(name), '') || E'\x1f' || coalesce(fold(artist_name), ''))::uuid
    end;

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

-- Every writer of the plays of a listener takes this lock first, so that writers see the work of each other
-- and do not deadlock.
create function hold_listener(wanted_listener integer) returns void language sql as $$
    select pg_advisory_xact_lock(hashtext(current_schema || '.listener'), wanted_listener);
$$;

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
    track_id          integer     not null references track,
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

-- Counts a call before it is sent, so that a killed program leaves no uncounted call. Returns false and counts nothing
-- if the calls of the last 24 hours have reached the limit. This is a function, because the snapshot of the sum
-- must be taken after the lock is acquired and not at the start of the calling statement.
create function count_call(poll_id bigint, daily_calls integer) returns boolean
    language plpgsql volatile
as $$
begin
    perform pg_advisory_xact_lock(hashtext('tracklog.calls'), 0);
    update poll
       set calls = calls + 1
     where poll.poll_id = count_call.poll_id
       and (select coalesce(sum(earlier.calls), 0)
              from poll as earlier
             where earlier.started_at > now() - interval '24 hours') < daily_calls;
    return found;
end $$;

create table play (
    play_id      bigint generated always as identity primary key,
    listener_id  integer     not null references listener,
    played_at    timestamptz not null,
    track_id     integer     not null references track,
    ms_played    integer,
    source       source      not null,
    nth          smallint    not null default 0,
    popularity   smallint,
    shuffle      boolean,
    skipped      boolean,
    offline      boolean,
    incognito    boolean,
    offline_at   timestamptz,
    same_as      bigint references play,
    context_uri  text,
    platform     text,
    country      text,
    reason_start text,
    reason_end   text,
    extra        jsonb,
    constraint play_once unique nulls not distinct (listener_id, played_at, track_id, ms_played, source, nth)
);

comment on column play.played_at is 'end of the play (some clients report the start to the API)';
comment on column play.ms_played is 'null for plays from the API, which does not report it';
comment on column play.nth is 'number of a repeated line of account data; 0 for other sources';
comment on column play.same_as is 'the play of a finer source that reports the same listening';

create index play_same_as on play (same_as) where same_as is not null;

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

-- Readers use this view, because it has every property of a connection except its token.
create view connection as
select listener_id,
       listener.name,
       state,
       authorised_at,
       authorised_at + interval '6 months' as expires_at,
       authorised_by = 'setting'           as upper_bound,
       (select max(paused_until) from poll where paused_until > now()) as paused_until,
       poll_interval,
       error
  from spotify_connection
  join listener using (listener_id);

comment on column connection.upper_bound is 'the token came from the setting, so it may expire earlier';

-- A gap is a span in which plays may be missing: a poll returned a full page, and no poll or document covers the time
-- between that page and the previous known span. Gaps are derived, so that they do not depend on the order of polls and
-- imports, and an import closes the gaps that it covers. Before the first poll, only the span next to it is a gap,
-- because no poll indicates that plays are missing between two documents.
create view gap as
with polled_span as (
    select listener_id, unnest(range_agg(tstzrange(oldest_played_at, newest_played_at, '[]'))) as span
      from poll
     where outcome = 'done'
       and oldest_played_at is not null
     group by listener_id
),
document_span as (
    select listener_id, tstzrange(min(first_played_at), max(last_played_at), '[]') as span
      from import
     where state = 'done'
       and first_played_at is not null
     group by listener_id, coalesce(cast(bundle as text), cast(import_id as text))
    -- An export of Tracklog has the gaps of its database, so it does not show that a span is complete.
    having bool_and(format is distinct from 'tracklog')
),
known_span as (
    select listener_id, unnest(range_agg(span)) as span
      from (select * from polled_span union all select * from document_span) as span
     group by listener_id
),
hole as (
    select listener_id,
           lag(upper(span)) over (partition by listener_id order by span) as since,
           lower(span)                                                    as until
      from known_span
),
reached_hole as (
    select listener_id, since, until,
           (select min(lower(span))
              from polled_span
             where polled_span.listener_id = hole.listener_id
               and lower(span) >= hole.until) as page_start
      from hole
     where since is not null
)
select listener_id, since, until
  from reached_hole
 where exists (select
                 from poll
                where poll.listener_id = reached_hole.listener_id
                  and poll.oldest_played_at = page_start
                  and poll.outcome = 'done'
                  and poll.items >= 50)
   and (until = page_start
        or exists (select
                     from polled_span
                    where polled_span.listener_id = reached_hole.listener_id
                      and upper(span) <= since));

comment on view gap is 'plays may be missing after since and before until';
