update play
   set same_as = pair.same_as
  from unnest(?, ?) as pair (play_id, same_as)
 where play.play_id = pair.play_id
