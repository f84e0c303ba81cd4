-- ${views}
-- A gap is a span in which plays may be missing: a poll returned a full page, and no poll or document covers the time
-- between that page and the previous known span. Gaps are derived, so that they do not depend on the order of polls and
-- imports, and an import closes the gaps that it covers. Before the first poll, only the span next to it is a gap,
-- because no poll indicates that plays are missing between two documents.
create or replace view gap as
with polled_span as (
    select listener_id, unnest(range_agg(tstzrange(oldest_played_at, newest_played_at, '[]'))) as span
      from poll
     where outcome = 'done'
       and oldest_played_at is not null
     group by listener_id
),
document_span as (
    select listener_id, tstzrange(min(first_played_at), max(last_played_at), '[]') as span
      from import
     where state = 'done'
       and first_played_at is not null
     group by listener_id, coalesce(cast(bundle as text), cast(import_id as text))
    -- An export of Tracklog has the gaps of its database, so it does not show that a span is complete.
    having bool_and(format is distinct from 'tracklog')
),
known_span as (
    select listener_id, unnest(range_agg(span)) as span
      from (select * from polled_span union all select * from document_span) as span
     group by listener_id
),
hole as (
    select listener_id,
           lag(upper(span)) over (partition by listener_id order by span) as since,
           lower(span)                                                    as until
      from known_span
),
reached_hole as (
    select listener_id, since, until,
           (select min(lower(span))
              from polled_span
             where polled_span.listener_id = hole.listener_id
               and lower(span) >= hole.until) as page_start
      from hole
     where since is not null
)
select listener_id, since, until
  from reached_hole
 where exists (select
                 from poll
                where poll.listener_id = reached_hole.listener_id
                  and poll.oldest_played_at = page_start
                  and poll.outcome = 'done'
                  and poll.items >= 50)
   and (until = page_start
        or exists (select
                     from polled_span
                    where polled_span.listener_id = reached_hole.listener_id
                      and upper(span) <= since));

comment on view gap is 'plays may be missing after since and before until';

-- Lists the spans that polls and music documents cover. The page of a poll covers the time since its oldest item.
-- A page that is not full covers the time since the previous poll.
create or replace view covered as
with told as (
    select listener_id,
           tstzrange(least(oldest_played_at, started_at,
                           case when items < 50
                                then lag(started_at) over (partition by listener_id order by started_at, poll_id) end),
                     started_at, '[]') as span
      from poll
     where outcome = 'done'
    union all
    select listener_id, tstzrange(min(first_played_at), max(last_played_at), '[]')
      from import
     where state = 'done'
       and first_played_at is not null
     group by listener_id, coalesce(bundle::text, import_id::text)
    having bool_and(format is distinct from 'tracklog')
)
select listener_id, unnest(range_agg(span)) as span
  from told
 group by listener_id;

comment on view covered is 'spans of time that polls and music documents cover, as far as Spotify had reported';

create or replace function coverage(of_listener integer, since timestamptz, until timestamptz)
    returns table (covered_share double precision, open_gaps bigint, complete_until timestamptz)
    language sql stable parallel safe
begin atomic
    with told as (
        select covered.span * tstzrange(since, until, '[]') as span
          from covered
         where covered.listener_id = of_listener
           and covered.span && tstzrange(since, until, '[]')
    ),
    open as (
        select greatest(gap.since, coverage.since) as since
          from gap
         where gap.listener_id = of_listener
           and gap.since < coverage.until
           and gap.until > coverage.since
    )
    select coalesce((select extract(epoch from sum(upper(span) - lower(span))) from told)
                    / nullif(extract(epoch from until - since), 0), 0)::double precision,
           (select count(*) from open),
           coalesce((select min(open.since) from open), (select max(upper(span)) from told));
end;

comment on function coverage is
    'for a period: the share of its time that polls and documents cover, the number of gaps,'
    ' and the time up to which it is complete as far as Spotify had reported (null if nothing is known)';
