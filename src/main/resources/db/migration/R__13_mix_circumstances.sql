-- ${views}
-- Returns the combination that merges several: of each property the greatest value.
create or replace function mix_circumstances(ids integer[]) returns integer
    language sql volatile
as $$
    insert into circumstance (platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito)
    select max(platform     collate "C"),
           max(country      collate "C"),
           max(reason_start collate "C"),
           max(reason_end   collate "C"),
           bool_or(shuffle), bool_or(skipped), bool_or(offline), bool_or(incognito)
      from circumstance
     where circumstance_id = any (ids)
        on conflict (circumstance_key) do update set platform = excluded.platform
    returning circumstance_id
$$;
