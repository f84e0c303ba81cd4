-- Everything lives in the schema that Flyway has put first on the search path: tracklog.

-- From coarse to fine: of one listening that several sources report, the finest stands.
create type source as enum ('recently_played', 'account_data', 'export');

create type kind as enum ('track', 'episode', 'chapter', 'local');

-- An enum's own cast to text is not immutable, and keys must be.
create function kind_name(kind kind) returns text
    language sql immutable parallel safe
    return case kind when 'track' then 'track' when 'episode' then 'episode' when 'chapter' then 'chapter' when 'local' then 'local' end;

-- The one way in which two spellings of a name are compared. Most are ASCII, of which the short way makes the same in a tenth of the time.
create function fold(name text) returns text
    language sql immutable parallel safe
    return case
        when octet_length(name) = length(name) then lower(name collate "C") collate "und-x-icu"
        else lower(normalize(name, nfkc) collate "und-x-icu")
    end;

-- By what statistics group: panels count hundreds of thousands of them at a time, which hashes of 64 bits make quick.
create function name_key(name text, of_artist text default '') returns bigint
    language sql immutable parallel safe
    return hashtextextended(fold(name) || E'\x1f' || fold(of_artist), 0);

-- What identifies a track: its URI or, where the source gives none, its kind and folded names.
-- A hash, because the URI of a local file can be longer than an index row may be.
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
               || E'\x1f' || coalesce(name, E'\x1e')        || E'\x1f' || coalesce(artist_name, E'\x1e')
               || E'\x1f' || coalesce(album_artist_name, E'\x1e') || E'\x1f' || coalesce(album_name, E'\x1e')
               || E'\x1f' || coalesce(duration_ms::text, '') || E'\x1f' || coalesce(isrc, E'\x1e')
               || E'\x1f' || coalesce(explicit::text, ''))::uuid;

create table listener (
    listener_id     integer generated always as identity primary key,
    name            text        not null unique check (name <> ''),
    spotify_user_id text,
    time_zone       text        not null,
    created_at      timestamptz not null default now()
);

-- An index with a condition, because a listener that is being told of would else be locked against the plays of other documents.
create unique index listener_spotify_user_id on listener (spotify_user_id) where spotify_user_id is not null;

-- Every writer of a listener's plays takes this lock first, so that writers neither deadlock nor miss each other.
create function hold_listener(wanted_listener integer) returns void language sql as $$
    select pg_advisory_xact_lock(hashtext(current_schema || '.listener'), wanted_listener);
$$;

-- One row per URI. Each field is the non-null one of the track's latest spelling, ties by value.
create table track (
    track_id          integer generated always as identity,
    shown_artist_key  bigint generated always as (name_key(coalesce(artist_name, album_artist_name))) stored,
    album_key         bigint generated always as (name_key(album_name, coalesce(album_artist_name, artist_name, ''))) stored,
    song_key          bigint generated always as (name_key(coalesce(name, uri, ''), coalesce(artist_name, album_artist_name, ''))) stored,
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
        (fold(coalesce(name, '') || E'\n' || coalesce(artist_name, album_artist_name, '') || E'\n' || coalesce(album_name, ''))) stored,
    -- What statistics group by is read from the index alone, not from the much wider rows.
    primary key (track_id) include (shown_artist_key, album_key, song_key)
);

comment on column track.shown_artist_name is 'the track''s artists where known, else the album''s';
comment on column track.song_key is 'the same song under another URI: folded name and shown artist agree';

comment on column track.artist_name is 'the artists of the track, as the API names them; the export names only the album''s';

-- Every way in which a source has described a track, and the latest play for which it did.
-- Because all are kept, what a track is called does not depend on the order of arrival.
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
    spelling_key      uuid generated always as (spelling_key(kind, name, artist_name, album_artist_name, album_name, duration_ms, isrc, explicit)) stored,
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

comment on column import.document is 'path below the inbox; of an entry in a ZIP: path of the ZIP, !, name of the entry';
comment on column import.bundle is 'the same for all entries of one ZIP';
comment on column import.percent_read is 'how much of a long document has been read while it runs; 100 while it is merged, null where its size is not known';
comment on column import.first_played_at is 'span of the music in the document';

create index import_running on import (import_id) where state = 'running';

-- Inserting the row is what claims a firing, so that any number of containers poll once. Also the ledger of all calls.
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

comment on column poll.program is 'the application_name of the sessions of the program that polls; without such a session it is dead';
comment on column poll.outcome is 'done: the page is stored; connected: calls of a person who connected an account; refused: any other 4xx; budget: no calls were left; failed: not Spotify''s fault; interrupted: the program ended';
comment on column poll.calls is 'requests sent to Spotify for this poll, token requests and retries included';
comment on column poll.paused_until is 'Spotify asked for no call of this app before then, for whichever listener';

create index poll_started on poll (started_at);
create index poll_running on poll (poll_id) where outcome = 'running';
create index poll_paused on poll (paused_until) where paused_until is not null;
create index poll_opens on poll (listener_id, oldest_played_at) where items >= 50;

-- Counts a call before it is made, so that no kill can hide one; false when those of the last 24 hours reach the limit.
-- A function, because the sum must be taken after the lock is held, not when the statement began.
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

comment on column play.played_at is 'when it ended, UTC (some clients report the start to the API)';
comment on column play.ms_played is 'null where Spotify did not say (API plays)';
comment on column play.nth is 'numbers lines that account data truly repeats; else 0';
comment on column play.same_as is 'the play of a finer source that stands for this one';

create index play_same_as on play (same_as) where same_as is not null;

-- What could not be stored, kept once, without the personal fields.
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

-- The refresh token is encrypted; the setting it may have come from is remembered by its hash only.
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

comment on column spotify_connection.authorised_at is 'for a token given as a setting: when it was first seen, so an upper bound';
comment on column spotify_connection.poll_interval is 'no shorter, or the daily calls do not suffice for all';
comment on column spotify_connection.postponed_until is 'the last firing came before the interval was over, or in a pause';
comment on column spotify_connection.warned_days is 'so many days ahead the log has last warned that the token expires';

-- What may be known of a connection: everything but its token.
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

comment on column connection.upper_bound is 'the token came as a setting, so that it may expire sooner';

-- Spans in which plays may have been missed: Spotify returned a full page, and nothing reaches back to what was known.
-- Derived, so that no order of polls and imports matters and an import closes what it covers. Of what lies before the first
-- poll only what adjoins it is a gap: no poll says that anything is missing between two documents.
create view gap as
with polled as (
    select listener_id, unnest(range_agg(tstzrange(oldest_played_at, newest_played_at, '[]'))) as span
      from poll
     where outcome = 'done'
       and oldest_played_at is not null
     group by listener_id
),
told as (
    select listener_id, tstzrange(min(first_played_at), max(last_played_at), '[]') as span
      from import
     where state = 'done'
       and first_played_at is not null
     group by listener_id, coalesce(cast(bundle as text), cast(import_id as text))
    -- What Tracklog itself exported has the holes that it had: it says of no span that nothing is missing.
    having bool_and(format is distinct from 'tracklog')
),
known as (
    select listener_id, unnest(range_agg(span)) as span
      from (select * from polled union all select * from told) as span
     group by listener_id
),
hole as (
    select listener_id,
           lag(upper(span)) over (partition by listener_id order by span) as since,
           lower(span)                                                    as until
      from known
),
polled_after as (
    select listener_id, since, until,
           (select min(lower(span)) from polled where polled.listener_id = hole.listener_id and lower(span) >= hole.until) as page_start
      from hole
     where since is not null
)
select listener_id, since, until
  from polled_after
 where exists (select
                 from poll
                where poll.listener_id = polled_after.listener_id
                  and poll.oldest_played_at = page_start
                  and poll.outcome = 'done'
                  and poll.items >= 50)
   and (until = page_start
        or exists (select from polled where polled.listener_id = polled_after.listener_id and upper(span) <= since));

comment on view gap is 'plays may have been missed after since and before until';
