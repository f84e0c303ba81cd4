/** Watches the running program: health checks, metrics and JMX. No other package depends on it. */
package tracklog.observe;
