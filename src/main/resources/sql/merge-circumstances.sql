insert into circumstance (platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito)
select distinct platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito
  from staged_line
 where num_nonnulls(platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito) > 0
 order by platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito
    on conflict (circumstance_key) do nothing
