with simultaneous_export as (
    select played_at, ms_played
      from play
     where listener_id = cast(:#${variable.listener_id} as integer)
       and source      = 'export'
     group by played_at, ms_played
    having min(track_id) <> max(track_id)
)
insert into touched_play (play_id)
select play_id
  from play
 where listener_id = cast(:#${variable.listener_id} as integer)
   and (source <> 'export' or same_as is not null)
union
select play.play_id
  from simultaneous_export
  join play using (played_at, ms_played)
 where play.listener_id = cast(:#${variable.listener_id} as integer)
   and play.source      = 'export'
