with range (first_day, last_day, name) as (
    values (cast(:#first_day as date), cast(:#last_day as date), 'now'),
           (cast(:#before_first_day as date), cast(:#before_last_day as date), 'before')
),
figure as (
    select range.name, counted.*
      from range
     cross join lateral count_heard(cast(:#listener as integer), range.first_day, range.last_day, cast(:#spoken as boolean), cast(:#artist as text)) as counted
     where range.name = 'now' or cast(:#comparable as boolean)
),
named as (
    select figure.name, place, named.figure, named.value
      from figure
     cross join lateral (values (1, 'plays', plays::numeric), (2, 'hours', hours), (3, 'artists', artists), (4, 'albums', albums), (5, 'tracks', tracks),
                                (6, 'popularity', popularity)) as named (place, figure, value)
)
select figure, this.value, former.value                                               as before,
       round(100 * (this.value - former.value) / nullif(former.value, 0), 1)          as change_percent
  from named as this
  left join (select figure, value from named where name = 'before') as former using (figure)
 where this.name = 'now'
 order by place
