create temporary table if not exists touched_play (
    play_id bigint not null
) on commit delete rows
