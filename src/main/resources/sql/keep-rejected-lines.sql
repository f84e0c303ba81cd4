with kept_line as (
    insert into rejected_line (listener_id, import_id, poll_id, position, reason, line)
    select distinct on (md5(rejected_because || E'\x1f' || line))
           cast(:#${variable.listener_id} as integer),
           cast(:#${variable.import_id} as bigint),
           cast(:#${variable.poll_id} as bigint),
           position, rejected_because, line
      from staged_line
     where rejected_because is not null
     order by md5(rejected_because || E'\x1f' || line), position
        on conflict (listener_id, md5(reason || E'\x1f' || line)) do nothing
)
select count(*) as rejected
  from staged_line
 where rejected_because is not null
