package tracklog.bench;

import java.util.Locale;

/**
 * A measurement and its limit.
 *
 * @param figure the value that is compared with the limit, in the unit, such as a ratio of two times
 * @param limit null if the figure has no limit
 * @param detail the absolute measurements, which differ on another machine
 */
record Row(String what, double figure, Unit unit, Limit limit, String detail) {

    enum Unit {
        TIMES("times"),
        MICROSECONDS("µs"),
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

    /** An inclusive bound. */
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

    /** Formats a value with its significant digits. */
    static String number(double figure) {
        String digits = Math.abs(figure) >= 100 ? "%.0f" : Math.abs(figure) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, figure).replaceFirst("\\.0+$", "");
    }
}
