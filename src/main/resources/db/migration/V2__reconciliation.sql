-- An alias is a folded name with either artist under which the documents of a listener know a track. Aliases belong
-- to a listener and are never deleted. Two plays that can be the same listening therefore remain candidates,
-- whatever is imported later and for whichever listener.
create table track_alias (
    listener_id integer not null,
    track_id    integer not null,
    alias_key   uuid    not null,
    added_in    xid8    not null default pg_current_xact_id(),
    primary key (listener_id, track_id, alias_key)
);

create index track_alias_key on track_alias (listener_id, alias_key);

create trigger require_references_of_new after insert on track_alias
    referencing new table as changed for each statement
    execute function require_references('listener_id', 'listener', 'track_id', 'track');

-- The reports that arrived later than the end of the play, by the time of the report.
create index play_reported on play (listener_id, reported_at) where reported_at is not null;
-- The starts that neither the end nor the length tells, because the play was paused.
create index play_started on play (listener_id, started_at)
    where source = 'export'
      and played_at - started_at > ms_played * interval '1 millisecond' + interval '30 seconds';
create index play_track on play (track_id, listener_id, played_at);
