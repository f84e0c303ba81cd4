-- The transaction of a running import holds a lock that names it; what its COPY has taken so far is known by the process that holds the lock.
with copying as (
    select objid::bigint as import_id, tuples_processed
      from pg_locks
      join pg_stat_progress_copy using (pid)
     where locktype = 'advisory'
       and classid = (hashtext('tracklog.import')::bigint & 4294967295)::oid
)
select import_id, listener_id, document, format, state,
       case when state = 'running' then coalesce(tuples_processed, 0) else lines_read end as lines_read,
       inserted, duplicates, rejected, started_at, finished_at, error
  from import
  left join copying using (import_id)
 where cast(:#listener as integer) is null or listener_id = cast(:#listener as integer)
 order by import_id desc
 limit cast(:#limit as integer) + 1 offset cast(:#offset as integer)
