with book as (
    select import_id as place,
           document,
           listener.name as listener,
           format,
           state,
           lines_read,
           inserted,
           duplicates,
           rejected
      from import
      join listener using (listener_id)
     union all
    select null,
           count(*) || ' polls',
           listener.name,
           'recently_played',
           'done',
           sum(items),
           sum(inserted),
           sum(duplicates),
           sum(rejected)
      from poll
      join listener using (listener_id)
     where outcome = 'done'
     group by listener.name
),
total as (
    select 'in sum'                         as document,
           coalesce(sum(lines_read), 0)     as lines_read,
           coalesce(sum(inserted), 0)       as inserted,
           coalesce(sum(duplicates), 0)     as duplicates,
           coalesce(sum(rejected), 0)       as rejected
      from book
),
page as (
    select 1 as part, place, document, listener, format, state, lines_read, inserted, duplicates, rejected from book
     union all
    select 2, null, document, null, null, null, lines_read, inserted, duplicates, rejected from total
)
select document, listener, format, state, lines_read as "lines read", inserted, duplicates, rejected
  from page
 order by part, place nulls last, listener
