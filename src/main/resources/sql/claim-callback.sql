-- The ledger row of the calls that connect an account; until it is known whose, they are the first listener's.
insert into poll (listener_id, fire_time)
select min(listener_id), clock_timestamp()
  from listener
returning poll_id
