analyze track, track_alias, play
