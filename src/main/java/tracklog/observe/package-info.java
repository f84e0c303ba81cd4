/** Seeing it work: health checks that answer in time, and the figures of the store as metrics. */
package tracklog.observe;
