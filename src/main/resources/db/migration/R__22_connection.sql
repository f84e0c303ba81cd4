-- ${views}
-- Readers use this view, because it has every property of a connection except its token.
create or replace view connection as
select listener_id,
       listener.name,
       state,
       authorised_at,
       authorised_at + interval '6 months' as expires_at,
       authorised_by = 'setting'           as upper_bound,
       (select max(paused_until) from poll where paused_until > now()) as paused_until,
       poll_interval,
       error
  from spotify_connection
  join listener using (listener_id);

comment on column connection.upper_bound is 'the token came from the setting, so it may expire earlier';
