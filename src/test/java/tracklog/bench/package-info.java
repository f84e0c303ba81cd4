/** Measures the program on this machine: {@code ./tracklog bench}. */
package tracklog.bench;
