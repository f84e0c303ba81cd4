-- ${views}
-- The key of a track is its URI or, if the source gives none, its kind and folded names.
-- It is stored as a hash, because the URI of a local file can exceed the maximum size of an index row.
create or replace function track_key(uri text, kind kind, name text, artist_name text) returns uuid
    language sql immutable parallel safe
    return case
        when uri is not null then md5(uri)::uuid
        else md5(kind_name(kind)
                 || E'\x1f' || coalesce(fold(name), '') || E'\x1f' || coalesce(fold(artist_name), ''))::uuid
    end;
