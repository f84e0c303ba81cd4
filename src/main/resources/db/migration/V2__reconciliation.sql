-- An alias is a folded name with either artist under which the documents of a listener know a track. Aliases belong
-- to a listener and are never deleted. Two plays that can be the same listening therefore remain candidates,
-- whatever is imported later and for whichever listener.
create table track_alias (
    listener_id integer not null references listener,
    track_id    integer not null references track,
    alias_key   uuid    not null,
    added_in    xid8    not null default pg_current_xact_id(),
    primary key (listener_id, track_id, alias_key)
);

create index track_alias_key on track_alias (listener_id, alias_key);

-- The detour through UTC makes the function immutable, as an index requires.
create function started_at(played_at timestamptz, ms_played integer) returns timestamptz
    language sql immutable parallel safe
    return (played_at at time zone 'UTC' - ms_played * interval '1 millisecond') at time zone 'UTC';

create index play_coarse on play (listener_id, played_at) where source <> 'export';
-- Most plays started, or were offline, within half an hour before their end, so a search by the end finds them.
-- The next two indexes contain only the other plays.
create index play_started on play (listener_id, started_at(played_at, ms_played))
    where source <> 'recently_played'
      and ms_played >= 1800000;
create index play_offline on play (listener_id, offline_at)
    where source = 'export'
      and ms_played >= 30000
      and (played_at - offline_at < interval '0' or played_at - offline_at > interval '30 minutes');
-- The index includes all columns that the panels of an artist read, because the plays of an artist are scattered
-- over the table.
create index play_track on play (track_id, listener_id, played_at) include (ms_played, same_as, popularity, play_id);
