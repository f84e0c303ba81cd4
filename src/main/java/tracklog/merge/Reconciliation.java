package tracklog.merge;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.merge.Pairing.Candidate;
import tracklog.store.SqlFiles;

/**
 * Points each play that a finer source also reports at the one play that stands for it, in the route's transaction.
 *
 * <p>The result depends on the plays alone. First, lines of exports that differ only in a relinked URI become one.
 * Then account data is paired with the export, recently played with the export, and the rest of recently played with
 * the account data that still stands. Every play points at one that stands, never at one that points on.
 *
 * @param tolerance how far the API's moment may be from the export's, in seconds
 */
public record Reconciliation(JdbcTemplate database, int tolerance) {

    private static final String RECENTLY_PLAYED = "recently_played";
    private static final String ACCOUNT_DATA = "account_data";
    private static final String EXPORT = "export";

    public Reconciliation {
        if (tolerance < 0) {
            throw new IllegalArgumentException("RECONCILE_TOLERANCE must be 0 or more and is " + tolerance + ".");
        }
    }

    /**
     * Recomputes the groups of candidates around the plays in {@code touched_play}.
     *
     * @return the number of plays that now point elsewhere
     */
    public int pair() {
        List<Play> plays =
                database.query(SqlFiles.read("find-candidates"), Play::read, tolerance, tolerance, tolerance);
        Long[] standing = standing(plays);
        int[] changed = IntStream.range(0, standing.length)
                .filter(i -> !Objects.equals(standing[i], plays.get(i).sameAs()))
                .toArray();
        if (changed.length > 0) {
            Long[] ids = Arrays.stream(changed).mapToObj(i -> plays.get(i).id()).toArray(Long[]::new);
            Long[] sameAs = Arrays.stream(changed).mapToObj(i -> standing[i]).toArray(Long[]::new);
            database.update(SqlFiles.read("pair-plays"), update -> {
                update.setArray(1, update.getConnection().createArrayOf("bigint", ids));
                update.setArray(2, update.getConnection().createArrayOf("bigint", sameAs));
            });
        }
        return changed.length;
    }

    /** Returns for each play the one that stands for it; null where it stands itself. */
    static Long[] standing(List<Play> plays) {
        Map<Long, Integer> places = new HashMap<>();
        for (int i = 0; i < plays.size(); i++) {
            places.put(plays.get(i).id(), i);
        }
        DisjointSets relinked = new DisjointSets();
        forEachCandidate(
                plays, places, EXPORT, EXPORT, candidate -> relinked.union(candidate.coarse(), candidate.fine()));

        Long[] standing = new Long[plays.size()];
        for (int i = 0; i < standing.length; i++) {
            int first = relinked.find(i);
            standing[i] = first == i ? null : plays.get(first).id();
        }
        pair(plays, places, relinked, standing, ACCOUNT_DATA, EXPORT);
        pair(plays, places, relinked, standing, RECENTLY_PLAYED, EXPORT);
        pair(plays, places, relinked, standing, RECENTLY_PLAYED, ACCOUNT_DATA);
        return standing;
    }

    private static void pair(
            List<Play> plays,
            Map<Long, Integer> places,
            DisjointSets relinked,
            Long[] standing,
            String coarse,
            String fine) {
        List<Candidate> candidates = new ArrayList<>();
        forEachCandidate(plays, places, coarse, fine, candidate -> {
            int first = relinked.find(candidate.fine());
            if (standing[candidate.coarse()] == null && standing[first] == null) {
                candidates.add(new Candidate(candidate.coarse(), first, candidate.distance()));
            }
        });
        for (Candidate pair : Pairing.of(candidates)) {
            standing[pair.coarse()] = plays.get(pair.fine()).id();
        }
    }

    private static void forEachCandidate(
            List<Play> plays, Map<Long, Integer> places, String coarse, String fine, Consumer<Candidate> consumer) {
        for (int i = 0; i < plays.size(); i++) {
            Play play = plays.get(i);
            if (play.source().equals(coarse)) {
                for (int k = 0; k < play.candidates().size(); k++) {
                    int place = places.get(play.candidates().get(k));
                    if (plays.get(place).source().equals(fine)) {
                        consumer.accept(new Candidate(i, place, play.distances().get(k)));
                    }
                }
            }
        }
    }

    /**
     * A play, its candidates of finer sources and how far they are, in milliseconds.
     *
     * @param sameAs the play that stands for it so far; null where it stands itself
     */
    record Play(long id, String source, Long sameAs, List<Long> candidates, List<Long> distances) {

        @SuppressWarnings("unused")
        static Play read(ResultSet row, int number) throws SQLException {
            return new Play(
                    row.getLong("play_id"),
                    row.getString("source"),
                    (Long) row.getObject("same_as"),
                    longs(row.getArray("play_ids")),
                    longs(row.getArray("distances")));
        }

        private static List<Long> longs(Array array) throws SQLException {
            return array == null ? List.of() : List.of((Long[]) array.getArray());
        }
    }
}
