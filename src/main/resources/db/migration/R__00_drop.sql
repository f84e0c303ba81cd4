-- ${views}
-- Drops all views, and all functions that no table, index or trigger needs. The next files create them again.
-- What is used outside this schema cannot be dropped; the next files replace it. Dependents are younger, so they go
-- first.
do $$
declare
    statement text;
begin
    for statement in
        select command
          from (select oid, 'drop view ' || oid::regclass as command
                  from pg_class
                 where relkind = 'v'
                   and relnamespace = current_schema::regnamespace
                 union all
                select oid, 'drop routine ' || oid::regprocedure
                  from pg_proc
                 where pronamespace = current_schema::regnamespace) as known
         order by oid desc
    loop
        begin
            execute statement;
        exception when dependent_objects_still_exist then
            null;
        end;
    end loop;
end $$;
