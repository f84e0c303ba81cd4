-- ${views}
-- These functions take the locks of writers until the end of the transaction.

-- Every writer of the plays of a listener takes this lock first, so that writers see the work of each other
-- and do not deadlock.
create or replace function hold_listener(wanted_listener integer) returns void language sql as $$
    select pg_advisory_xact_lock(hashtext(current_schema || '.listener'), wanted_listener);
$$;

-- Takes the same lock unless another transaction has it. Returns whether the transaction has it now.
create or replace function try_listener(wanted_listener integer) returns boolean language sql as $$
    select pg_try_advisory_xact_lock(hashtext(current_schema || '.listener'), wanted_listener);
$$;

-- Only one transaction computes sums at a time: the version and the names of a month belong to all listeners.
-- A writer sums last. It then holds this lock and waits for no other.
create or replace function hold_sums() returns void language sql as $$
    select pg_advisory_xact_lock(hashtext(current_schema || '.sums'));
$$;

-- Writers share this lock. A statement that deletes what others refer to holds it alone. Each statement must see what
-- was committed before it got the lock, so other isolation levels are refused.
create or replace function hold_references(alone boolean default false) returns void language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise 'Tracklog''s tables can only be changed in transactions at the isolation level read committed.';
    elsif alone then
        perform pg_advisory_xact_lock(hashtext(current_schema || '.references'));
    else
        perform pg_advisory_xact_lock_shared(hashtext(current_schema || '.references'));
    end if;
end $$;
