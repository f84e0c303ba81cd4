insert into rejected_line (listener_id, import_id, poll_id, position, reason, line)
select distinct on (listener_id, md5(rejected_because || E'\x1f' || line))
       listener_id, import_id,
       case when import_id is null then cast(:#${variable.poll_id} as bigint) end,
       position, rejected_because, line
  from staged_line
 where rejected_because is not null
   and listener_id is not null
 order by listener_id, md5(rejected_because || E'\x1f' || line), import_id, position
    on conflict (listener_id, md5(reason || E'\x1f' || line)) do nothing
