-- The read-only role exists on the embedded server. On another server its administrator may create it.
do $$
begin
    if exists (select from pg_roles where rolname = 'tracklog_reader') then
        grant usage on schema tracklog to tracklog_reader;
        grant select on all tables in schema tracklog to tracklog_reader;
        revoke all on tracklog.spotify_connection from tracklog_reader;
    end if;
end $$;
