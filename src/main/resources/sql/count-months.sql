-- The sums of all kinds and listeners are made by the same call.
select count(*) as months
  from heard_months(null, false)
