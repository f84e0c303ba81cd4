-- The planner expects far more candidates than there are, so it would compile the search for them, which takes seconds.
create temporary table if not exists affected_play (
    play_id bigint not null
) on commit delete rows;
set local jit = off
