-- Sums the stale days of every listener whose plays nobody else writes now. Another writer sums them at its end.
select sum(sum_stale_days(listener_id))
  from (select distinct listener_id from stale_day) as stale
 where try_listener(listener_id)
