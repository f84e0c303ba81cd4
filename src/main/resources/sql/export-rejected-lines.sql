with rejection as (
    select rejected_line.*,
           coalesce(import.source,
                    cast(case when rejected_line.poll_id is null
                              then 'export'
                              else 'recently_played' end as source)) as source
      from rejected_line
      left join import using (import_id)
)
select json_build_object('tracklog', 'rejected', 'source', source, 'rejected_because', reason, 'line', line) as line
  from rejection
 where listener_id = ?
   and source = cast(? as source)
 order by reason collate "C", rejection.line collate "C"
