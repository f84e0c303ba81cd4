create temporary table staged_circumstance on commit drop as
select staged_line.circumstance, circumstance.circumstance_id
  from staged_line
  join circumstance
    on circumstance_key = circumstance_key(staged_line.platform, staged_line.country,
                                           staged_line.reason_start, staged_line.reason_end,
                                           staged_line.shuffle, staged_line.skipped,
                                           staged_line.offline, staged_line.incognito)
 where num_nonnulls(staged_line.platform, staged_line.country, staged_line.reason_start, staged_line.reason_end,
                    staged_line.shuffle, staged_line.skipped, staged_line.offline, staged_line.incognito) > 0
