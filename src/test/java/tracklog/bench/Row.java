package tracklog.bench;

import java.util.Locale;

/**
 * What was measured and what it must reach.
 *
 * @param figure what is held against the limit, in the unit: a ratio of two times, say
 * @param limit null where the figure is for information only
 * @param detail the measurements behind it, which another machine will not repeat
 */
record Row(String what, double figure, Unit unit, Limit limit, String detail) {

    enum Unit {
        TIMES("times"),
        MILLISECONDS("ms"),
        SECONDS("s"),
        BYTES("bytes"),
        MEGABYTES("MB"),
        CALLS("calls");

        private final String label;

        Unit(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** A bound, itself included. */
    record Limit(boolean upper, double bound) {

        static Limit atMost(double bound) {
            return new Limit(true, bound);
        }

        static Limit atLeast(double bound) {
            return new Limit(false, bound);
        }

        boolean holds(double figure) {
            return upper ? figure <= bound : figure >= bound;
        }

        @Override
        public String toString() {
            return (upper ? "at most " : "at least ") + number(bound);
        }
    }

    boolean holds() {
        return limit == null || limit.holds(figure);
    }

    /** With as many digits as say something. */
    static String number(double figure) {
        String digits = Math.abs(figure) >= 100 ? "%.0f" : Math.abs(figure) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, figure).replaceFirst("\\.0+$", "");
    }
}
