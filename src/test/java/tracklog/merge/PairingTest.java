package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tracklog.merge.Pairing.Candidate;

class PairingTest {

    @Test
    void aLoopWhereAnEndIsTheNextStartDoesNotShift() {
        // Each API time is 2 s after the end, so it is 1 s nearer to the start of the next play, after a pause of 3 s.
        List<Candidate> loop = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            loop.add(new Candidate(i, i, 2_000));
            if (i > 0) {
                loop.add(new Candidate(i - 1, i, 1_000));
            }
        }
        assertThat(Pairing.of(loop)).hasSize(100).allMatch(pair -> pair.coarse() == pair.fine());
    }

    @Test
    void ofTwoThatAreAsNearTheEarlierIsPaired() {
        assertThat(Pairing.of(List.of(new Candidate(0, 5, 7), new Candidate(1, 5, 7))))
                .containsExactly(new Candidate(0, 5, 7));
        assertThat(Pairing.of(List.of(new Candidate(0, 6, 7), new Candidate(0, 5, 7))))
                .containsExactly(new Candidate(0, 5, 7));
    }

    @Test
    void timeOrderIsKeptWithinAGroupOnly() {
        Candidate first = new Candidate(0, 1, 0);
        Candidate second = new Candidate(1, 0, 0);
        assertThat(Pairing.of(List.of(first, second))).containsExactlyInAnyOrder(first, second);
        assertThat(Pairing.of(List.of(first, second, new Candidate(0, 0, 1)))).containsExactly(first);
    }

    @Test
    void aYearOfOneLoopTakesNoTime() {
        List<Candidate> loop = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            loop.add(new Candidate(i, i, 5));
            loop.add(new Candidate(i + 1, i, 4));
        }
        long start = System.nanoTime();
        assertThat(Pairing.of(loop)).hasSize(200_000);
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }

    @Property(tries = 3_000)
    void noOtherPairingIsBetter(@ForAll("candidates") List<Candidate> candidates, @ForAll long seed) {
        List<Candidate> shuffled = new ArrayList<>(candidates);
        Collections.shuffle(shuffled, new Random(seed));
        List<Candidate> expected = new ArrayList<>();
        Set<Candidate> left = new HashSet<>(candidates);
        while (!left.isEmpty()) {
            List<Candidate> group = new ArrayList<>(List.of(left.iterator().next()));
            for (int i = 0; i < group.size(); i++) {
                Candidate member = group.get(i);
                left.stream()
                        .filter(other -> other.coarse() == member.coarse() || other.fine() == member.fine())
                        .filter(other -> !group.contains(other))
                        .forEach(group::add);
            }
            left.removeAll(group);
            expected.addAll(bestOfAll(group));
        }
        assertThat(Pairing.of(shuffled)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Tries every set of candidates. */
    private static List<Candidate> bestOfAll(List<Candidate> group) {
        List<Candidate> sorted = group.stream().sorted(Candidate.BY_TIME).toList();
        return IntStream.range(0, 1 << sorted.size())
                .mapToObj(set -> IntStream.range(0, sorted.size())
                        .filter(i -> (set >> i & 1) == 1)
                        .mapToObj(sorted::get)
                        .toList())
                .filter(PairingTest::isInOrder)
                .min(Comparator.<List<Candidate>>comparingInt(pairs -> -pairs.size())
                        .thenComparingLong(pairs ->
                                pairs.stream().mapToLong(Candidate::distance).sum())
                        .thenComparing(PairingTest::compareInTurn))
                .orElseThrow();
    }

    private static boolean isInOrder(List<Candidate> pairs) {
        return IntStream.range(1, pairs.size())
                .allMatch(i -> pairs.get(i - 1).coarse() < pairs.get(i).coarse()
                        && pairs.get(i - 1).fine() < pairs.get(i).fine());
    }

    private static int compareInTurn(List<Candidate> one, List<Candidate> other) {
        return IntStream.range(0, one.size())
                .map(i -> Candidate.BY_TIME.compare(one.get(i), other.get(i)))
                .filter(compared -> compared != 0)
                .findFirst()
                .orElse(0);
    }

    @Provide
    Arbitrary<List<Candidate>> candidates() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 4);
        return Combinators.combine(place, place, Arbitraries.longs().between(0, 3))
                .as(Candidate::new)
                .list()
                .uniqueElements(candidate -> candidate.coarse() * 10 + candidate.fine())
                .ofMaxSize(11);
    }
}
