-- ${views}
-- These functions count plays and different names.

-- Returns the six figures of a range of days, both ends included. The popularity is that of the average play.
-- The function is in PL/pgSQL, so that only the query that runs is planned.
create or replace function count_heard(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean,
                                       artist text)
    returns table (plays bigint, hours numeric, artists bigint, albums bigint, tracks bigint, popularity numeric)
    language plpgsql stable rows 1 set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
    if artist is not null then
        return query
        select count(*), round((coalesce(sum(ms), 0) / 3600000)::numeric, 3),
               count(distinct shown_artist_key), count(distinct album_key), count(distinct song_key),
               round(avg(popularity), 1)
          from read_artist(artist, wanted_listener, first_day, last_day, wanted_spoken)
          join track using (track_id);
        return;
    end if;
    return query
    with total as (
        select coalesce(sum(plays), 0)                                                   as plays,
               round(coalesce(sum(ms), 0) / 3600000, 3)                                  as hours,
               round(sum(popularity_sum)::numeric / nullif(sum(popularity_count), 0), 1) as popularity
          from heard_day
         where listener_id = any (array(select find_listeners(wanted_listener)))
           and spoken = wanted_spoken
           and day between first_day and last_day
    ),
    variety as (
        select count(distinct shown_artist_key) as artists,
               count(distinct album_key)        as albums,
               count(distinct song_key)         as tracks
          from read_tracks(wanted_listener, first_day, last_day, wanted_spoken)
          join track using (track_id)
    )
    select plays, hours, artists, albums, tracks, popularity
      from total, variety;
end $$;

-- Returns the number of artists, albums and tracks of each month of a range, and of those heard for the first time.
create or replace function count_names(wanted_listener integer, first_day date, last_day date, wanted_spoken boolean)
    returns table (month date, artists bigint, albums bigint, tracks bigint,
                   new_artists bigint, new_albums bigint, new_tracks bigint)
    language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
    -- No days are summed between this count and the commit. Otherwise the count of an earlier state could be kept.
    perform hold_sums();
    insert into heard_month
    with missing as (
        select distinct date_trunc('month', day)::date as month
          from heard_day
         where listener_id = any (array(select find_listeners(wanted_listener)))
           and spoken = wanted_spoken
           and day between date_trunc('month', count_names.first_day) and last_day
        except
        select month
          from heard_month
         where listener_id is not distinct from wanted_listener
           and spoken = wanted_spoken
    ),
    heard as (
        select distinct month, unnest(tracks) as track_id
          from missing
          join heard_day on day >= month and day < month + interval '1 month'
         where listener_id = any (array(select find_listeners(wanted_listener)))
           and spoken = wanted_spoken
    )
    select wanted_listener, wanted_spoken, month,
           count(distinct shown_artist_key), count(distinct album_key), count(distinct song_key)
      from heard
      join track using (track_id)
     group by month;
    return query
    with named as materialized (
        select shown_artist_key, album_key, song_key, first_day
          from heard_track
          join track using (track_id)
         where listener_id = any (array(select find_listeners(wanted_listener)))
           and spoken = wanted_spoken
    ),
    discovery (day, artist, album, track) as (
        select min(first_day), 1, 0, 0 from named where shown_artist_key is not null group by shown_artist_key
         union all
        select min(first_day), 0, 1, 0 from named where album_key is not null group by album_key
         union all
        select min(first_day), 0, 0, 1 from named group by song_key
    ),
    discovered as (
        select date_trunc('month', day)::date as month,
               sum(artists)::bigint as artists, sum(albums)::bigint as albums, sum(tracks)::bigint as tracks
          from (select day, sum(artist) as artists, sum(album) as albums, sum(track) as tracks
                  from discovery
                 group by day) as first
         group by 1
    )
    select month, heard_month.artists, heard_month.albums, heard_month.tracks,
           coalesce(discovered.artists, 0), coalesce(discovered.albums, 0), coalesce(discovered.tracks, 0)
      from heard_month
      left join discovered using (month)
     where listener_id is not distinct from wanted_listener
       and spoken = wanted_spoken
       and month between date_trunc('month', count_names.first_day) and last_day;
end $$;
