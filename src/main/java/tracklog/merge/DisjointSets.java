package tracklog.merge;

import java.util.HashMap;
import java.util.Map;

/** A union-find forest over integers; the smallest member of a set is its root. */
final class DisjointSets {

    private final Map<Integer, Integer> parents = new HashMap<>();

    int find(int member) {
        int root = member;
        while (parents.containsKey(root)) {
            int parent = parents.get(root);
            // Path halving: each find shortens the way for the next one.
            parents.put(root, parents.getOrDefault(parent, parent));
            root = parent;
        }
        return root;
    }

    /** The smaller root becomes the root of both. */
    void union(int one, int other) {
        int a = find(one);
        int b = find(other);
        if (a != b) {
            parents.put(Math.max(a, b), Math.min(a, b));
        }
    }
}
