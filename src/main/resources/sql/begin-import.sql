with first_listener as (
    select name, time_zone
      from listener
     order by listener_id
     limit 1
),
wanted as (
    select coalesce(cast(:#${body.listener} as text), name) as name, time_zone
      from first_listener
),
made as (
    insert into listener (name, time_zone)
    select name, time_zone
      from wanted
     where not exists (select from listener where listener.name = wanted.name)
        -- Of two documents at the same moment one makes it, and both find it.
        on conflict (name) do update set name = excluded.name
    returning listener_id
),
owner as (
    select listener_id from made
    union all
    select listener_id from listener join wanted using (name)
)
insert into import (listener_id, document, bundle)
select listener_id, :#${body.name}, cast(:#${body.bundle} as uuid)
  from owner
returning import_id, listener_id
