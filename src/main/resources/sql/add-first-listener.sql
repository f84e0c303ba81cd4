insert into listener (name, time_zone)
select 'me', ?
 where not exists (select from listener)
    on conflict do nothing
