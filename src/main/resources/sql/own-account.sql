-- Returns the listener of a Spotify account. An unknown account belongs to the listener of the same name or to the
-- first listener, if that one has no account yet; otherwise it gets a new listener.
with account_listener as (
    select listener_id
      from listener
     where spotify_user_id = :#${variable.account.id}
        or spotify_user_id is null
           and (name = :#${variable.account.name} or listener_id = (select min(listener_id) from listener))
     order by spotify_user_id is null, name <> :#${variable.account.name}
     limit 1
),
known_listener as (
    update listener
       set spotify_user_id = :#${variable.account.id}
      from account_listener as mine
     where listener.listener_id = mine.listener_id
    returning listener.listener_id, name
),
new_listener as (
    insert into listener (name, spotify_user_id, time_zone)
    select case
               when exists (select from listener where name = :#${variable.account.name})
               then :#${variable.account.name} || ' (' || :#${variable.account.id} || ')'
               else :#${variable.account.name}
           end,
           :#${variable.account.id},
           (select time_zone from listener order by listener_id limit 1)
     where not exists (select from account_listener)
    returning listener_id, name
)
select listener_id, name from known_listener
 union all
select listener_id, name from new_listener
