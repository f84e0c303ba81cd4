select count_call(cast(:#${variable.poll_id} as bigint),
                  cast(:#${properties:SPOTIFY_DAILY_CALLS} as integer)) as counted
