with first_listener as (
    select name, time_zone
      from listener
     order by listener_id
     limit 1
),
wanted_listener as (
    select coalesce(cast(:#${body.document.listener} as text), name) as name, time_zone
      from first_listener
),
new_listener as (
    insert into listener (name, time_zone)
    select name, time_zone
      from wanted_listener
     where not exists (select from listener where listener.name = wanted_listener.name)
        -- Two documents of a new listener may arrive at the same moment. The second one then uses the row of the first.
        on conflict (name) do update set name = excluded.name
    returning listener_id
),
owner as (
    select listener_id from new_listener
    union all
    select listener_id from listener join wanted_listener using (name)
)
insert into import (listener_id, document, bundle)
select listener_id, :#${body.document.name}, cast(:#${body.document.bundle} as uuid)
  from owner
returning import_id, listener_id
