-- What a person must mend before Spotify answers again; what Spotify or the network may mend gets an hour.
select case
           when connection.state = 'needs_reconnect'
           then listener.name || ' must be connected to Spotify again, on Tracklog''s page.' || coalesce(' (' || connection.error || ')', '')
           else 'Nothing is collected for ' || listener.name || ' (' || latest.outcome || '): ' || coalesce(latest.error, 'the log says why.')
       end
  from listener
  left join connection using (listener_id)
  left join lateral (select outcome, error
                       from poll
                      where poll.listener_id = listener.listener_id
                        and outcome <> 'running'
                      order by fire_time desc
                      limit 1) as latest on true
 where connection.state = 'needs_reconnect'
    or latest.outcome in ('invalid_client', 'unauthorized', 'forbidden', 'refused')
    or (latest.outcome not in ('done', 'connected')
        and not exists (select
                          from poll
                         where poll.listener_id = listener.listener_id
                           and outcome in ('done', 'connected')
                           and finished_at > now() - interval '1 hour'))
 order by listener.name
