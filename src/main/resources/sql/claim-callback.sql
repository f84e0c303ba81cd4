-- Opens the ledger row for the calls that connect an account. The row belongs to the first listener
-- until Spotify has named the account.
insert into poll (listener_id, fire_time)
select min(listener_id), clock_timestamp()
  from listener
returning poll_id
