-- Applies the listener that the document describes, unless the listener already has plays. The initial listener
-- is deleted as long as nothing belongs to it.
with restored_listener as (
    select name, time_zone, spotify_user_id
      from json_to_record(cast(nullif(:#${body.content.listener}, '') as json))
           as described (name text, time_zone text, spotify_user_id text)
),
unused_listener as (
    delete from listener
     using restored_listener as restored
     where listener.name = 'me'
       and restored.name <> 'me'
       and listener.listener_id <> cast(:#${body.listenerId} as integer)
       and listener.spotify_user_id is null
       and not exists (select from import where import.listener_id = listener.listener_id)
       and not exists (select from poll where poll.listener_id = listener.listener_id)
       and not exists (select from play where play.listener_id = listener.listener_id)
       and not exists (select from spotify_connection where spotify_connection.listener_id = listener.listener_id)
)
update listener
   set time_zone       = coalesce((select name from pg_timezone_names where name = restored.time_zone),
                                  listener.time_zone),
       spotify_user_id = coalesce(listener.spotify_user_id,
                                  (select restored.spotify_user_id
                                    where not exists (select from listener as other
                                                       where other.spotify_user_id = restored.spotify_user_id)))
  from restored_listener as restored
 where listener.listener_id = cast(:#${body.listenerId} as integer)
   and not exists (select from play where play.listener_id = listener.listener_id)
