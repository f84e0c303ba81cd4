package tracklog.faults;

import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine. */
final class Parts {

    private Parts() {}

    /** Where CI is true a part that is missing fails the build; elsewhere the test is skipped, and says so. */
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
