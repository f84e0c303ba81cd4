-- The listener of a Spotify account: its own; else the one of that name, or the first, where none has an account yet.
with mine as (
    select listener_id
      from listener
     where spotify_user_id = :#${variable.account.id}
        or spotify_user_id is null
           and (name = :#${variable.account.name} or listener_id = (select min(listener_id) from listener))
     order by spotify_user_id is null, name <> :#${variable.account.name}
     limit 1
),
taken as (
    update listener
       set spotify_user_id = :#${variable.account.id}
      from mine
     where listener.listener_id = mine.listener_id
    returning listener.listener_id, name
),
made as (
    insert into listener (name, spotify_user_id, time_zone)
    select case
               when exists (select from listener where name = :#${variable.account.name})
               then :#${variable.account.name} || ' (' || :#${variable.account.id} || ')'
               else :#${variable.account.name}
           end,
           :#${variable.account.id},
           (select time_zone from listener order by listener_id limit 1)
     where not exists (select from mine)
    returning listener_id, name
)
select listener_id, name from taken
 union all
select listener_id, name from made
