-- Not by one call for both ranges: that could not be planned for the days of either.
with figure as (
    select 'now' as name, counted.*
      from count_heard(cast(:#listener as integer), cast(:#first_day as date), cast(:#last_day as date),
                       cast(:#spoken as boolean), cast(:#artist as text)) as counted
     union all
    select 'before', counted.*
      from count_heard(cast(:#listener as integer), cast(:#before_first_day as date), cast(:#before_last_day as date),
                       cast(:#spoken as boolean), cast(:#artist as text)) as counted
     where cast(:#comparable as boolean)
),
named as (
    select figure.name, place, named.figure, named.value
      from figure
     cross join lateral (values (1, 'plays', plays::numeric), (2, 'hours', hours), (3, 'artists', artists),
                                (4, 'albums', albums), (5, 'tracks', tracks),
                                (6, 'popularity', popularity)) as named (place, figure, value)
)
select figure, this.value, former.value                                               as before,
       round(100 * (this.value - former.value) / nullif(former.value, 0), 1)          as change_percent
  from named as this
  left join (select figure, value from named where name = 'before') as former using (figure)
 where this.name = 'now'
 order by place
