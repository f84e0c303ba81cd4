package tracklog.faults;

import org.junit.jupiter.api.Assumptions;

/** Checks for programs that a test needs on this machine. */
final class Parts {

    private Parts() {}

    /** A missing part fails the build if CI is true. Otherwise the test is skipped with a message. */
    static void require(boolean there, String otherwise) {
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        if (!there) {
            System.err.println("NOT TESTED: " + otherwise);
        }
        Assumptions.assumeTrue(there, otherwise);
    }
}
