/** Measures the program on the machine at hand: {@code ./tracklog bench}. */
package tracklog.bench;
