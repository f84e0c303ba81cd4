create role tracklog login
create role tracklog_reader login connection limit 10
alter role tracklog_reader set default_transaction_read_only = on
alter role tracklog_reader set search_path = tracklog
create database tracklog owner tracklog
revoke all on database tracklog, postgres, template1 from public
grant connect on database tracklog to tracklog_reader
