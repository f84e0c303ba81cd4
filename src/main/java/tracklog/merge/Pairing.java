package tracklog.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs the plays of a coarser source with those of a finer one.
 *
 * <p>Within each connected group of candidates the pairing keeps time order, each play pairs once at most, and of all
 * such pairings it has the most pairs, then the least total distance, then the earlier pairs. Nearest-first pairing
 * would shift by one in a loop, where one play's end is the next one's start.
 */
final class Pairing {

    /**
     * Two plays that may be the same listening.
     *
     * @param coarse the place in time of the play of the coarser source
     * @param fine the place in time of the play of the finer source
     * @param distance how far apart their moments are, in milliseconds
     */
    record Candidate(int coarse, int fine, long distance) {

        static final Comparator<Candidate> BY_TIME = Comparator.comparingInt(Candidate::coarse)
                .thenComparingInt(Candidate::fine)
                .thenComparingLong(Candidate::distance);
    }

    /** The best pairing that starts with a candidate: a linked list, so that pairings share their tails. */
    private record Chain(Candidate first, Chain rest, int pairs, long distance) {

        static Chain of(Candidate first, Chain rest) {
            return rest == null
                    ? new Chain(first, null, 1, first.distance())
                    : new Chain(first, rest, rest.pairs + 1, rest.distance + first.distance());
        }

        boolean betterThan(Chain other) {
            if (other == null || pairs != other.pairs) {
                return other == null || pairs > other.pairs;
            }
            return distance == other.distance
                    ? Candidate.BY_TIME.compare(first, other.first) < 0
                    : distance < other.distance;
        }
    }

    private Pairing() {}

    /** Returns the pairs among the candidates, in O(n log n). */
    static List<Candidate> of(Collection<Candidate> candidates) {
        List<Candidate> pairs = new ArrayList<>();
        for (List<Candidate> group : groups(candidates)) {
            for (Chain chain = best(group); chain != null; chain = chain.rest()) {
                pairs.add(chain.first());
            }
        }
        return pairs;
    }

    /** Groups the candidates that share a play, directly or through others. */
    private static Collection<List<Candidate>> groups(Collection<Candidate> candidates) {
        DisjointSets plays = new DisjointSets();
        // Negative numbers stand for the fine plays.
        candidates.forEach(candidate -> plays.union(candidate.coarse(), -1 - candidate.fine()));
        Map<Integer, List<Candidate>> groups = new HashMap<>();
        for (Candidate candidate : candidates) {
            groups.computeIfAbsent(plays.find(candidate.coarse()), group -> new ArrayList<>())
                    .add(candidate);
        }
        return groups.values();
    }

    /** Goes from the last candidate to the first, finds the best chain from each on, and returns the best of all. */
    private static Chain best(List<Candidate> group) {
        group.sort(Candidate.BY_TIME.reversed());
        // Holds the chains that begin later, by their first fine play.
        Later later = new Later();
        List<Chain> sameCoarse = new ArrayList<>();
        int coarse = -1;
        for (Candidate candidate : group) {
            if (candidate.coarse() != coarse) {
                sameCoarse.forEach(later::add);
                sameCoarse.clear();
                coarse = candidate.coarse();
            }
            sameCoarse.add(Chain.of(candidate, later.after(candidate.fine())));
        }
        sameCoarse.forEach(later::add);
        return later.after(-1);
    }

    /** Keeps the chains that are better than all that begin at the same or a later fine play. */
    private static final class Later {

        private final TreeMap<Integer, Chain> chains = new TreeMap<>();

        /** Returns the best chain whose fine plays are all later. */
        Chain after(int fine) {
            Map.Entry<Integer, Chain> entry = chains.higherEntry(fine);
            return entry == null ? null : entry.getValue();
        }

        void add(Chain chain) {
            int fine = chain.first().fine();
            if (!chain.betterThan(after(fine - 1))) {
                return;
            }
            chains.put(fine, chain);
            Map.Entry<Integer, Chain> earlier = chains.lowerEntry(fine);
            while (earlier != null && !earlier.getValue().betterThan(chain)) {
                chains.remove(earlier.getKey());
                earlier = chains.lowerEntry(fine);
            }
        }
    }
}
