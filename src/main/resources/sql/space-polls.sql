-- Sets the interval between the polls of a listener so that the daily calls suffice for all listeners. A twentieth
-- of the calls is kept for retries. An access token lasts an hour, so a listener who is polled more often needs
-- 24 token calls a day, and any other listener needs one with each poll.
with share as (
    select 0.95 * cast(:#${properties:SPOTIFY_DAILY_CALLS} as integer) / count(*) as calls
      from spotify_connection
     where state = 'connected'
    having count(*) > 0
),
spacing as (
    select date_trunc('second',
                      interval '24 hours' / (case when calls > 48 then calls - 24 else calls / 2 end)) as poll_interval
      from share
),
changed_connection as (
    update spotify_connection
       set poll_interval = spacing.poll_interval
      from spacing
     where spotify_connection.poll_interval <> spacing.poll_interval
    returning spacing.poll_interval
)
select ceil(extract(epoch from max(poll_interval)) / 60)::integer as minutes
  from changed_connection
