-- The planner expects no plays of a listener whom the statistics do not list, however many other plays are stored. The
-- statistics must then be renewed earlier.
select count(*) > case when bool_and(is_known) then greatest(1000, max(reltuples) / 3) else 1000 end
  from affected_play
 cross join pg_class
 cross join (select bool_and(listener_id = any (cast(cast(most_common_vals as text) as integer[]))) as is_known
               from (select distinct listener_id from staged_line where listener_id is not null) as staged
               left join pg_stats
                 on schemaname = current_schema()
                and tablename  = 'play'
                and attname    = 'listener_id') as statistics
 where oid = cast('play' as regclass)
