package tracklog.merge;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.merge.Pairing.Candidate;
import tracklog.store.SqlFiles;

/**
 * Points each play that another one also reports at the one play that stands for it, in the route's transaction.
 *
 * <p>The result depends on the plays alone. First, equal reports of the export become one. Then the exports that do not
 * tell when a play ended are paired with those that do, account data with the export, recently played with the export,
 * and the rest of recently played with the account data that still stands. Every play points at one that stands.
 *
 * @param tolerance how far the API's moment may be from the export's, in seconds
 */
public record Reconciliation(JdbcTemplate database, int tolerance) {

    private static final int POLL = 0;
    private static final int ACCOUNT_DATA = 1;
    private static final int EXPORT_WITHOUT_END = 2;
    private static final int EXPORT = 3;

    public Reconciliation {
        if (tolerance < 0) {
            throw new IllegalArgumentException("RECONCILE_TOLERANCE must be 0 or more and is " + tolerance + ".");
        }
    }

    /**
     * Recomputes the groups of candidates around the plays in {@code affected_play}.
     *
     * @return the number of plays that now point elsewhere
     */
    public int pair() {
        List<Play> plays = database.query(SqlFiles.read("find-candidates"), Play::read, tolerance);
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
        List<Candidate> candidates = candidates(plays);
        int[] first = IntStream.range(0, plays.size()).toArray();
        // A report joins the earliest equal one that stands. It joins no chain of reports, each of which is equal to
        // the one before, because such a chain can be longer than a play; ends at the same moment are no chain.
        for (Candidate pair : candidates) {
            int later = pair.coarse();
            int earlier = pair.fine();
            if (plays.get(later).grain() == plays.get(earlier).grain()
                    && earlier < later
                    && first[later] == later
                    && (first[earlier] == earlier || pair.distance() == 0)) {
                first[later] = first[earlier];
            }
        }
        pair(plays, candidates, first, EXPORT_WITHOUT_END, grain -> grain == EXPORT);
        pair(plays, candidates, first, ACCOUNT_DATA, grain -> grain >= EXPORT_WITHOUT_END);
        pair(plays, candidates, first, POLL, grain -> grain >= EXPORT_WITHOUT_END);
        pair(plays, candidates, first, POLL, grain -> grain == ACCOUNT_DATA);
        return IntStream.range(0, first.length)
                .mapToObj(i -> first[i] == i ? null : plays.get(root(first, i)).id())
                .toArray(Long[]::new);
    }

    private static void pair(List<Play> plays, List<Candidate> candidates, int[] first, int coarse, IntPredicate fine) {
        List<Candidate> roots = candidates.stream()
                .map(pair -> new Candidate(root(first, pair.coarse()), root(first, pair.fine()), pair.distance()))
                .filter(pair -> plays.get(pair.coarse()).grain() == coarse)
                .filter(pair -> fine.test(plays.get(pair.fine()).grain()))
                .toList();
        Pairing.of(roots).forEach(pair -> first[pair.coarse()] = pair.fine());
    }

    private static int root(int[] first, int play) {
        return first[play] == play ? play : root(first, first[play]);
    }

    private static List<Candidate> candidates(List<Play> plays) {
        Map<Long, Integer> places = new HashMap<>();
        plays.forEach(play -> places.put(play.id(), places.size()));
        return plays.stream()
                .flatMap(play -> IntStream.range(0, play.candidates().size())
                        .mapToObj(i -> new Candidate(
                                places.get(play.id()),
                                places.get(play.candidates().get(i)),
                                play.distances().get(i))))
                .sorted(Candidate.BY_TIME)
                .toList();
    }

    /**
     * A play, the plays that may report the same listening as finely or more finely, and how far they are.
     *
     * @param grain rank of what the report tells; a finer one is higher
     * @param sameAs the play that stands for it so far; null where it stands itself
     * @param distances in milliseconds
     */
    record Play(long id, int grain, Long sameAs, List<Long> candidates, List<Long> distances) {

        @SuppressWarnings("unused")
        static Play read(ResultSet row, int number) throws SQLException {
            return new Play(
                    row.getLong("play_id"),
                    row.getInt("grain"),
                    (Long) row.getObject("same_as"),
                    longs(row.getArray("play_ids")),
                    longs(row.getArray("distances")));
        }

        private static List<Long> longs(Array array) throws SQLException {
            return array == null ? List.of() : List.of((Long[]) array.getArray());
        }
    }
}
