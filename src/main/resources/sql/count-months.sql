-- Not while an import runs: it would wait, and change most of them again.
select count_months()
 where not exists (select from import where state = 'running')
