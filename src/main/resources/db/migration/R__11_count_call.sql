-- ${views}
-- Counts a call before it is sent, so that a killed program leaves no uncounted call. Returns false and counts nothing
-- if the calls of the last 24 hours have reached the limit. This is a function, because the snapshot of the sum
-- must be taken after the lock is acquired and not at the start of the calling statement.
create or replace function count_call(poll_id bigint, daily_calls integer) returns boolean
    language plpgsql volatile
as $$
begin
    perform pg_advisory_xact_lock(hashtext('tracklog.calls'), 0);
    update poll
       set calls = calls + 1
     where poll.poll_id = count_call.poll_id
       and (select coalesce(sum(earlier.calls), 0)
              from poll as earlier
             where earlier.started_at > now() - interval '24 hours') < daily_calls;
    return found;
end $$;
