-- ${views}
-- The finer of two reports of a listening counts. Of an offline play without a believed start only the time of the
-- report is known, which may be weeks after the end.
create or replace view report as
select play.*,
       circumstance.offline,
       case source
           when 'recently_played' then 0
           when 'account_data'    then 1
           when 'export'          then case when circumstance.offline and reported_at is null then 2 else 3 end
       end                                                                                 as grain,
       played_at - ms_played * interval '1 millisecond'                                    as computed_start,
       case when reported_at is null then started_at
            else played_at - ms_played * interval '1 millisecond' end                      as believed_start
  from play
  left join circumstance using (circumstance_id);

-- Returns the distance in milliseconds between a moment and a span, 0 within the span, and null if an argument is null.
create or replace function ms_apart(moment timestamptz, span_start timestamptz, span interval default '0')
    returns bigint
    language sql stable parallel safe
    return case
        when moment < span_start then (extract(epoch from span_start - moment) * 1000)::bigint
        when moment > span_start + span then (extract(epoch from moment - span_start - span) * 1000)::bigint
        when moment is not null and span_start is not null then 0
    end;

-- Account data gives only the minute, so its time covers every moment in that minute.
create or replace function span(source source) returns interval
    language sql immutable parallel safe
    return case source when 'account_data' then interval '59.999 seconds' else interval '0' end;
