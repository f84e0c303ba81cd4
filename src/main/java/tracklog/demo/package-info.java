/** The demo: generated plays of a listener and a stand-in for Spotify. Only {@code ./tracklog demo} loads it. */
package tracklog.demo;
