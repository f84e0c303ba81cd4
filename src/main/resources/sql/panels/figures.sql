with range (first_day, last_day, name) as (
    values (cast(:#first_day as date), cast(:#last_day as date), 'now'),
           (cast(:#before_first_day as date), cast(:#before_last_day as date), 'before')
),
figure as (
    select range.name, count_heard.*
      from range
     cross join lateral count_heard(cast(:#listener as integer), range.first_day, range.last_day, cast(:#spoken as boolean), cast(:#artist as text)) as count_heard
),
named as (
    select figure.name, place, named.figure, named.value
      from figure
     cross join lateral (values (1, 'plays', plays::numeric), (2, 'hours', hours), (3, 'artists', artists), (4, 'albums', albums), (5, 'tracks', tracks),
                                (6, 'popularity', popularity)) as named (place, figure, value)
)
select this.figure,
       this.value,
       case when cast(:#comparable as boolean) then former.value end                                                       as before,
       case when cast(:#comparable as boolean) then round(100 * (this.value - former.value) / nullif(former.value, 0), 1) end as change_percent
  from named as this
  join named as former using (figure)
 where this.name = 'now'
   and former.name = 'before'
 order by this.place
