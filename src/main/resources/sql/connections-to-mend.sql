-- Lists the connections that a person must repair. Faults that Spotify or the network may clear by themselves
-- are listed after an hour.
select case
           when connection.state = 'needs_reconnect'
           then listener.name || ' must be connected to Spotify again, on Tracklog''s page.'
                || coalesce(' (' || connection.error || ')', '')
           else 'Nothing is collected for ' || listener.name || ' (' || latest_poll.outcome || '): '
                || coalesce(latest_poll.error, 'the log says why.')
       end
  from listener
  left join connection using (listener_id)
  left join lateral (select outcome, error
                       from poll
                      where poll.listener_id = listener.listener_id
                        and outcome <> 'running'
                      order by fire_time desc
                      limit 1) as latest_poll on true
 where connection.state = 'needs_reconnect'
    or latest_poll.outcome in ('invalid_client', 'unauthorized', 'forbidden', 'refused')
    or (latest_poll.outcome not in ('done', 'connected')
        and not exists (select
                          from poll
                         where poll.listener_id = listener.listener_id
                           and outcome in ('done', 'connected')
                           and finished_at > now() - interval '1 hour'))
 order by listener.name
