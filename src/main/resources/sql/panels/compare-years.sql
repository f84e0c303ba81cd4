with year (first_day, last_day, with_first_day, with_to_date, with_last_day) as (
    select make_date(year, 1, 1), make_date(year, 12, 31), make_date(with_year, 1, 1),
           case when year = extract(year from today)
                then (today + make_interval(years => with_year - year))::date
                else make_date(with_year, 12, 31)
            end,
           make_date(with_year, 12, 31)
      from (select cast(:#today as date)                                                                as today,
                   coalesce(cast(:#year as integer), extract(year from cast(:#today as date))::integer) as year
           ) as chosen
     cross join lateral (select coalesce(cast(:#with as integer), year - 1) as with_year) as compared
),
span (name, first_day, last_day) as (
    select span.*
      from year
     cross join lateral (values ('this', first_day, last_day),
                                ('to date', with_first_day, with_to_date),
                                ('in full', with_first_day, with_last_day)) as span
),
figure as (
    select span.name, counted.*
      from span
     cross join lateral count_heard(cast(:#listener as integer), span.first_day, span.last_day,
                                    cast(:#spoken as boolean), null) as counted
),
named as (
    select place, named.figure,
           max(named.value) filter (where figure.name = 'this')    as value,
           max(named.value) filter (where figure.name = 'to date') as with_to_date,
           max(named.value) filter (where figure.name = 'in full') as with_in_full
      from figure
     cross join lateral (values (1, 'plays', plays::numeric), (2, 'hours', hours), (3, 'artists', artists),
                                (4, 'albums', albums), (5, 'tracks', tracks),
                                (6, 'popularity', popularity)) as named (place, figure, value)
     group by place, named.figure
)
select figure, value, with_to_date, with_in_full,
       round(100 * (value - with_to_date) / nullif(with_to_date, 0), 1) as change_to_date_percent,
       round(100 * (value - with_in_full) / nullif(with_in_full, 0), 1) as change_in_full_percent
  from named
 order by place
