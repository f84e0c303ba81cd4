select exists (select
                 from spotify_connection
                where state = 'connected'
                  and postponed_until <= now()) as postponed
